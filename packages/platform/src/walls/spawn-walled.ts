import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Duplex, Readable, Writable } from 'node:stream';
import { closedToOthers, mayChooseUser, NOBODY, stranger } from './another-user.ts';
import { JsonLines } from './json-lines.ts';
import { seccompFilter } from './seccomp.ts';

/**
 * `process`: no environment, and Node's permission model. `namespaces`: besides, a view of the system that holds nothing but Node, its
 * libraries and the program; no network; no other processes; no capabilities; and a seccomp filter.
 */
export type WallLevel = 'process' | 'namespaces';

export interface Walled {
  /** a JavaScript file */
  program: string;
  /** command-line arguments */
  args?: readonly string[];
  /** files and folders that it may read; real paths */
  readable: readonly string[];
  /** Node's options; the permission model is among them, or it is not there */
  nodeOptions: readonly string[];
  /** lives as a user of its own, where this process may choose one and everything that it reads is open to all */
  asStranger?: boolean;
  /** programs that lie in what it may read */
  mayStartPrograms?: boolean;
  /** bytes of one message; whoever says more is not heard any more */
  mostMessageBytes?: number;
}

/** A child with a JSON channel, and the process that counts: behind namespaces the child is only who watches over it. */
export interface WalledProcess {
  child: ChildProcess;
  channel: JsonLines;
  /** as this system numbers it; known from when the child is ready on */
  pid(): number | undefined;
  /** without a word */
  kill(): void;
}

const MOST_MESSAGE_BYTES = 8_000_000;
/** For what a child has said before it ended. */
const LAST_WORDS_MS = 200;
const SYSTEM = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/etc/ld.so.cache'];
// What the child inherits, by number.
const CHANNEL = 3;
const FILTER = 4;
const INFO = 5;
/** Node in the child makes `process.send` of it, and takes both out of what the program sees. */
const CHANNEL_IN_CHILD = { NODE_CHANNEL_FD: String(CHANNEL), NODE_CHANNEL_SERIALIZATION_MODE: 'json' };

export function spawnWalled(level: WallLevel, walled: Walled): WalledProcess {
  const spawned = level === 'namespaces' ? behindNamespaces(walled) : behindPermissions(walled);
  const { child } = spawned;
  child.once('exit', () => setTimeout(() => closePipes(child), LAST_WORDS_MS));
  return { ...spawned, kill: () => killGroup(child) };
}

// What bubblewrap has just forked dies with it only from a moment later on; until then it is of the same group.
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

// Whatever outlives it all the same ends with its channel.
function closePipes({ stdio }: ChildProcess): void {
  for (const pipe of stdio) pipe?.destroy();
}

function userOf({ asStranger, program, readable }: Walled): { uid?: number; gid?: number } {
  const isPossible =
    asStranger === true && mayChooseUser() && !closedToOthers([process.execPath, program, ...readable]);
  if (!isPossible) return {};
  const user = stranger();
  return { uid: user, gid: user };
}

function behindPermissions(walled: Walled): Omit<WalledProcess, 'kill'> {
  const { program, args = [], nodeOptions } = walled;
  const child = spawn(process.execPath, [...nodeOptions, program, ...args], {
    ...userOf(walled),
    detached: true, // or the terminal's Ctrl-C would end it before its parent has finished
    cwd: '/',
    env: CHANNEL_IN_CHILD,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  return { child, channel: channelTo(child, walled), pid: () => child.pid };
}

function behindNamespaces(walled: Walled): Omit<WalledProcess, 'kill'> {
  const { program, args = [], readable, nodeOptions, mayStartPrograms } = walled;
  const visible = [...SYSTEM, process.execPath, ...readable].filter((path) => existsSync(path));
  const filter = seccompFilter(mayStartPrograms);
  const child = spawn(
    'bwrap',
    [
      ...['--unshare-all', '--die-with-parent', '--new-session', '--as-pid-1', '--cap-drop', 'ALL'],
      ...['--uid', String(NOBODY), '--gid', String(NOBODY), '--hostname', 'sandbox', '--clearenv', '--chdir', '/'],
      ...Object.entries(CHANNEL_IN_CHILD).flatMap((variable) => ['--setenv', ...variable]),
      ...visible.flatMap((path) => ['--ro-bind', path, path]),
      ...['--remount-ro', '/', '--info-fd', String(INFO)],
      ...(filter === undefined ? [] : ['--seccomp', String(FILTER)]),
      ...['--', process.execPath, ...nodeOptions, program, ...args],
    ],
    {
      ...userOf(walled),
      detached: true,
      cwd: '/',
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  const pipes: readonly unknown[] = child.stdio;
  (pipes[FILTER] as Writable).on('error', () => {}).end(filter);
  return { child, channel: channelTo(child, walled), pid: readPid(pipes[INFO] as Readable) };
}

const channelTo = ({ stdio }: ChildProcess, { mostMessageBytes = MOST_MESSAGE_BYTES }: Walled): JsonLines =>
  new JsonLines((stdio as readonly unknown[])[CHANNEL] as Duplex, mostMessageBytes);

// bubblewrap says it in JSON as soon as it has forked: { "child-pid": 4711, ... }
function readPid(info: Readable): () => number | undefined {
  let said = '';
  info.on('data', (bytes) => (said += bytes)).on('error', () => {});
  return () => {
    const [, pid] = /"child-pid":\s*(\d+)/.exec(said) ?? [];
    return pid === undefined ? undefined : Number(pid);
  };
}
