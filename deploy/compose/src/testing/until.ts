import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again; a question that fails is one that has no answer yet. */
export async function until(isSo: () => Promise<boolean>, withinMs = 90_000): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(200))
    if (await isSo().catch(() => false)) return;
  throw new Error(`not so within ${withinMs} ms: ${isSo}`);
}
