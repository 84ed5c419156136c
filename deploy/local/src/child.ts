import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Program {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
}

/** What becomes of a program: one of another build, or with other settings. */
export type Change = (program: Program) => Program;

export type OnLine = (name: string, line: string) => void;

const PATIENCE_MS = 15_000;
const KEPT_CHARS = 2_000_000;

/** One process of the cluster. What it says is kept, and told line by line. */
export class Child {
  /** resolves to the exit code, of the process that runs now */
  ended: Promise<number | null>;
  private process: ChildProcess;
  private said = '';
  private isStopping = false;

  constructor(
    readonly name: string,
    private program: Program,
    private readonly onLine: OnLine,
  ) {
    this.process = this.spawn();
  }

  get pid(): number {
    return this.process.pid!;
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** what it has said since it was started */
  get log(): string {
    return this.said;
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** A child that does not end in time is killed. @returns its exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.isStopping = true;
    this.signal(signal);
    const late = setTimeout(() => this.signal('SIGKILL'), PATIENCE_MS);
    const code = await this.ended;
    clearTimeout(late);
    return code;
  }

  /** The same program once more, when it has ended; or, from now on, what `change` makes of it. */
  startAgain(change: Change = (program) => program): void {
    if (this.isRunning) throw new Error(`${this.name} is still running.`);
    this.program = change(this.program);
    this.process = this.spawn();
  }

  /** Resolves when it has said that, since it was started. */
  async says(what: string): Promise<void> {
    while (!this.said.includes(what)) {
      if (!this.isRunning) throw new Error(`${this.name} ended:\n${this.said.slice(-4_000)}`);
      await sleep(20);
    }
  }

  private spawn(): ChildProcess {
    this.said = '';
    this.isStopping = false;
    const { command, args, env, cwd } = this.program;
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        this.said = `${this.said}${line}\n`.slice(-KEPT_CHARS);
        this.onLine(this.name, line);
      });
    this.ended = once(child, 'exit').then(
      ([code]) => code,
      () => null, // it could not be started
    );
    running.add(child);
    child.once('exit', (code, signal) => {
      running.delete(child);
      if (this.isStopping) return;
      this.onLine(this.name, `${this.name} ended by ${signal ?? `itself (exit code ${code})`}; nobody starts it again`);
    });
    child.on('error', (error) => this.onLine(this.name, error.message));
    return child;
  }
}

// Whatever ends us ends them.
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
