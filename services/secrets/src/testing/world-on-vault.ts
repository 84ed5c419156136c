import { setTimeout as sleep } from 'node:timers/promises';
import { linesOfLog } from './lines-of-log.ts';
import type { OpenBao } from './open-bao.ts';
import { VaultProxy } from './vault-proxy.ts';
import { World } from './world.ts';

export type WorldOnVault = Awaited<ReturnType<typeof worldOnVault>>;

/** The secrets service with OpenBao as its store, behind a proxy that can cut it off, and all that it says. */
export async function worldOnVault(bao: OpenBao, options: { secrets: Record<string, string>; allow: string[] }) {
  const proxy = await VaultProxy.before(bao);
  const { lines, log } = linesOfLog();
  const world = await World.start({ ...options, log, vault: await bao.settings({ address: { url: proxy.url } }) });

  /** @returns after how many ms it was so */
  const until = async (isSo: () => Promise<boolean> | boolean, withinMs = 5_000): Promise<number> => {
    const from = performance.now();
    while (!(await isSo())) {
      if (performance.now() - from > withinMs)
        throw new Error(`not so within ${withinMs} ms: ${lines.slice(-5).join('\n')}`);
      await sleep(25);
    }
    return performance.now() - from;
  };
  const close = async () => {
    await world.close();
    await proxy.close();
  };
  return { world, proxy, lines, until, close };
}
