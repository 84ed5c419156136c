import { setTimeout as sleep } from 'node:timers/promises';
import { isListening } from '@fingerpost/platform/testing';
import { type Change, Child, type OnLine, type Program } from './child.ts';

/** A server that the product runs on. */
export class Engine {
  readonly child: Child;

  private constructor(
    name: string,
    program: Program,
    readonly port: number,
    onLine: OnLine,
  ) {
    this.child = new Child(name, program, onLine);
  }

  /** On loopback; returns when it takes connections. */
  static async start(
    name: string,
    port: number,
    [command, ...args]: [string, ...string[]],
    onLine: OnLine,
    env: NodeJS.ProcessEnv = {},
  ): Promise<Engine> {
    const { PATH, HOME, LANG } = process.env;
    const engine = new Engine(name, { command, args, env: { PATH, HOME, LANG, ...env }, cwd: '/' }, port, onLine);
    await engine.isUp();
    return engine;
  }

  async startAgain(change?: Change): Promise<void> {
    this.child.startAgain(change);
    await this.isUp();
  }

  /** NATS alone: its configuration anew, while it runs. @throws with what it says where it refuses */
  async reload(): Promise<void> {
    const before = this.child.log.length;
    this.child.signal('SIGHUP');
    for (let said = ''; !said.includes('Reloaded server configuration'); said = this.child.log.slice(before)) {
      if (said.includes('Failed to reload')) throw new Error(said);
      await sleep(20);
    }
  }

  /** From now on as `change` says. */
  async restart(change?: Change): Promise<void> {
    await this.child.stop();
    await this.startAgain(change);
  }

  private async isUp(): Promise<void> {
    while (!(await isListening(this.port))) {
      if (!this.child.isRunning) throw new Error(`${this.child.name} ended at once:\n${this.child.log}`);
      await sleep(20);
    }
  }
}
