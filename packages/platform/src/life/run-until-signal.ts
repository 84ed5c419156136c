import { readSettings, readTogether, SettingsError, type SettingsOf } from '../config/settings.ts';
import { healthSettings, type Stage, serveHealth } from './serve-health.ts';
import type { Service } from './start-service.ts';

/**
 * A process's whole life: start, serve until SIGTERM or SIGINT, close, exit 0. A second signal does not wait. Nor does the first while the
 * start is under way: it may be waiting for another service, and nothing is in flight yet.
 * Settings that are not right are printed in full, those of `read` and our own together, exit 1. Probes can ask all along, where HEALTH_PORT says so.
 */
export async function runUntilSignal<S = void>(
  start: (settings: S) => Promise<Service>,
  read: (env: NodeJS.ProcessEnv) => S = () => undefined as S,
): Promise<void> {
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  let stage: Stage = 'starting';
  let firstAt: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      firstAt ??= performance.now();
      // One Ctrl-C arrives several times: from the terminal, from npm, and from whoever started us for npm.
      if (performance.now() - firstAt > ONE_SIGNAL_MS) process.exit(1);
      stop();
    });

  try {
    const { health, own } = readTogether<{ health: SettingsOf<typeof healthSettings>; own: Read<S> }>(process.env, {
      health: (env) => readSettings(env, healthSettings),
      own: (env) => ({ settings: read(env) }),
    });
    const { port, ...door } = health;
    if (port !== undefined) await serveHealth({ port, ...door }, () => stage);
    const service = await Promise.race([start(own.settings), stopped]);
    stage = 'started';
    await stopped;
    stage = 'closing';
    await service?.close();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : error);
    process.exit(1);
  }
}

interface Read<S> {
  settings: S;
}

const ONE_SIGNAL_MS = 1_000;
