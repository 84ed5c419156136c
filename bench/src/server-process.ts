import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuOfTree } from './cpu.ts';

export interface ServerProcess {
  cpuMs(): number | undefined;
  /** waits for `work`, or fails with the server's last words when it ends first */
  until(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const DRAIN_MS = 15_000;

export function startProcess(
  label: string,
  script: string,
  environment: NodeJS.ProcessEnv,
  logFile: string,
): ServerProcess {
  const server = spawnServer(script, environment, logFile);
  return {
    cpuMs: () => cpuOfTree(server.pid!),
    stop: () => stop(server),
    until: async (work) => {
      const ended = once(server, 'exit').then(([code]) =>
        Promise.reject(new Error(`it ended with ${code} before it was ready`)),
      );
      try {
        await Promise.race([work(), ended]);
      } catch (error) {
        await stop(server);
        throw new Error(
          `The ${label} did not start: ${(error as Error).message}\n${lastLines(logFile)}\nAll it said is in ${logFile}.`,
          {
            cause: error,
          },
        );
      } finally {
        ended.catch(() => {});
      }
    },
  };
}

function spawnServer(script: string, environment: NodeJS.ProcessEnv, logFile: string): ChildProcess {
  // Only what any process needs: a stray NODE_ENV or FINGERPOST_* of the caller would measure something else.
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const log = openSync(logFile, 'a');
  const server = spawn(process.execPath, [join(REPOSITORY, script)], {
    env: { PATH, HOME, TMPDIR, LANG, ...environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const endWithUs = () => server.kill('SIGTERM');
  process.once('exit', endWithUs);
  server.once('exit', () => process.off('exit', endWithUs));
  return server;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const tooLate = setTimeout(() => server.kill('SIGKILL'), DRAIN_MS);
  await ended;
  clearTimeout(tooLate);
}

/** Asks until the answer is yes; an address where nobody listens yet says no. */
export async function waitFor(
  { what, seconds }: { what: string; seconds: number },
  isSo: () => Promise<boolean>,
): Promise<void> {
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;
  while (!(await isSo().catch(nobodyListens))) {
    if (elapsedMs() > seconds * 1_000) throw new Error(`waited ${seconds} s in vain until ${what}`);
    // Rarer as time goes by, so that asking does not slow down what is waited for.
    await sleep(Math.max(20, elapsedMs() / 20));
  }
}

function nobodyListens(error: NodeJS.ErrnoException): false {
  if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') return false;
  throw error;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const lastLines = (file: string) => readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n');
