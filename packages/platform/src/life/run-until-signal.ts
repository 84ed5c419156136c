import { SettingsError } from '../config/settings.ts';
import type { Service } from './start-service.ts';

/**
 * A process's whole life: start, serve until SIGTERM or SIGINT, close, exit 0. A second signal does not wait. Nor does the first while the
 * start is under way: it may be waiting for another service, and nothing is in flight yet.
 * Settings that are not right are printed in full, exit 1.
 */
export async function runUntilSignal(start: () => Promise<Service>): Promise<void> {
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      // npm passes on a signal that the terminal has already sent to the whole group: two at once are one.
      signals++;
      if (signals === 1) setTimeout(() => (signals = 2), 500).unref();
      else if (signals > 2) process.exit(1);
      stop();
    });

  try {
    const service = await Promise.race([start(), stopped]);
    await stopped;
    await service?.close();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : error);
    process.exit(1);
  }
}
