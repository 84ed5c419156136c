import type { Administrator } from './administrator.ts';
import type { Ground } from './ground.ts';
import { type Rows, unexpected } from './rows.ts';

interface Watching {
  ground: Ground;
  administrator: Administrator;
  rows: Rows;
}

/** Nobody who asks while that is done fails but as they must, nothing happens twice, and people stay who they are. */
export async function expectUnnoticed(
  what: string,
  work: () => Promise<unknown>,
  { ground, administrator, rows }: Watching,
): Promise<void> {
  const seen = await ground.whileAsked(work);
  rows.add(what, seen);
  expect(unexpected(seen)).toEqual([]);
  expect(seen.repeated).toEqual([]);
  await ground.isWhole();
  expect(await administrator.statusesAt(ground.cluster.url)).toEqual({ session: 200, token: 200 });
}
