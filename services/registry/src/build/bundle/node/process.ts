import { missing } from './missing.ts';

/** What packages ask the process for, and nothing of ours. */
const noListeners = () => process;

export const process = {
  env: {} as Record<string, string | undefined>,
  argv: [] as string[],
  execArgv: [] as string[],
  title: 'integration',
  version: 'v26.0.0',
  versions: {} as Record<string, string>,
  platform: 'linux',
  arch: 'x64',
  pid: 1,
  browser: true,
  release: { name: 'fingerpost' },
  cwd: () => '/',
  uptime: () => performance.now() / 1_000,
  nextTick: (work: (...args: unknown[]) => void, ...args: unknown[]) => queueMicrotask(() => work(...args)),
  hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(performance.now() * 1e6)) }),
  emitWarning: (warning: unknown) => console.warn(String(warning)),
  on: noListeners,
  once: noListeners,
  off: noListeners,
  addListener: noListeners,
  removeListener: noListeners,
  removeAllListeners: noListeners,
  emit: () => false,
  listeners: () => [],
  exit: missing('process.exit', 'return from run, or throw an error'),
  binding: missing('process.binding', 'nothing of Node’s inside is here'),
  kill: missing('process.kill', 'an integration has no processes'),
  stdout: { isTTY: false, write: missing('process.stdout.write', 'use logger or console') },
  stderr: { isTTY: false, write: missing('process.stderr.write', 'use logger or console') },
  memoryUsage: missing('process.memoryUsage', 'an integration sees only its own objects'),
};

function hrtime(before: [number, number] = [0, 0]): [number, number] {
  const now = performance.now();
  const nanos = Math.round((now % 1_000) * 1e6) - before[1];
  const seconds = Math.floor(now / 1_000) - before[0];
  return nanos < 0 ? [seconds - 1, nanos + 1e9] : [seconds, nanos];
}

export const {
  env,
  argv,
  version,
  versions,
  platform,
  arch,
  pid,
  cwd,
  uptime,
  nextTick,
  emitWarning,
  exit,
  stdout,
  stderr,
} = process;
export { hrtime };
export default process;
