/** Real servers for `*.servers.ts` suites: child processes on ports of their own, gone when the suite is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, appendFileSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** Where the server's program is. Where it is missing, the closing summary names it: `(path === undefined ? describe.skip : describe)(...)`. */
export function findServer(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  const path = folders.map((folder) => join(folder, name)).find(isProgram);
  if (path === undefined && process.env.FINGERPOST_MISSING_SERVERS !== undefined)
    appendFileSync(process.env.FINGERPOST_MISSING_SERVERS, `${name}\n`);
  return path;
}

export interface RealServer {
  port: number;
  /** SIGSTOP makes it hang, SIGKILL ends it without a word. */
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1 (or on the one named) and waits until it accepts connections. */
export async function startServer(
  program: string,
  argumentsFor: (port: number) => string[],
  port?: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<RealServer> {
  port ??= await freePort();
  const child = spawn(program, argumentsFor(port), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let lastWords = '';
  child.stderr.on('data', (bytes) => (lastWords = `${lastWords}${bytes}`.slice(-2_000)));
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${program} stopped at once: ${lastWords}`);
    await sleep(20);
  }
  return { port, signal: (name) => void child.kill(name), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  child.kill('SIGCONT'); // one that hangs hears nothing
  await gone;
}

/** Whether somebody takes connections on that port of 127.0.0.1. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.end());
  });
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
