import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  closedToOthers,
  type Log,
  mayChooseUser,
  SettingsError,
  spawnWalled,
  type WallLevel,
} from '@fingerpost/platform';

const PROBE_MS = 5_000;

export type RequiredWalls = 'none' | WallLevel;

/** The strongest walls that this machine offers, found out by trying each of them from inside. @throws SettingsError when stronger ones are required */
export async function chooseWalls(required: RequiredWalls, folder: string, log: Log): Promise<WallLevel> {
  const closed = mayChooseUser() ? closedToOthers([process.execPath, folder]) : undefined;
  if (closed !== undefined)
    log.warn(`Sandbox processes run as root, which is this process’s user: ${closed} is closed to any other.`);
  const missing = await whatNamespacesLack(folder);
  if (missing === undefined) {
    log.info('Sandbox processes stand behind namespaces and a seccomp filter.');
    return 'namespaces';
  }
  const sentence = `Namespaces around sandbox processes are not to be had here: ${missing}.`;
  if (required === 'namespaces')
    throw new SettingsError([
      `FINGERPOST_WALLS: ${sentence} Install bubblewrap and allow user namespaces, or accept FINGERPOST_WALLS=process`,
    ]);
  log.info(`${sentence} Node’s permission model stands alone.`);
  if (!mayChooseUser()) log.warn(asOneUser(readPtraceScope()));
  return 'process';
}

/** What the system lets processes of one user do to one another. `ptraceScope`: Yama's setting; only above 0 are parents safe from their children. */
export const asOneUser = (ptraceScope: string | undefined): string =>
  `Sandbox processes are this process’s own user: whoever breaks out of V8 may end it and read its environment${
    Number(ptraceScope ?? 0) > 0 ? '' : ', and its memory, as kernel.yama.ptrace_scope is not 1 or more'
  }. Have namespaces, or start it as root and it gives them users of their own.`;

function readPtraceScope(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim();
  } catch {
    return undefined; // no Yama in this kernel
  }
}

/** @returns nothing, when every wall stands */
function whatNamespacesLack(folder: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return Promise.resolve('they are Linux’s');
  const { child, channel } = spawnWalled('namespaces', {
    program: join(folder, 'probe.mjs'),
    readable: [folder],
    asStranger: true,
    nodeOptions: ['--no-warnings'],
  });
  let said = '';
  child.stderr?.on('data', (bytes) => (said += bytes));
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('the probe does not answer'), PROBE_MS);
    channel.onLine = (said) => {
      const { missingWalls } = said as { missingWalls: string[] };
      resolve(missingWalls.length === 0 ? undefined : `from inside these succeed: ${missingWalls.join(', ')}`);
    };
    child.on('error', ({ message }) => resolve(/ENOENT/.test(message) ? 'bubblewrap is not installed' : message));
    child.on('exit', () => resolve(said.trim().split('\n')[0] || 'bubblewrap ended at once'));
    child.on('close', () => clearTimeout(timer));
  });
}
