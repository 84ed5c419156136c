import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, Askers, type Door } from './askers.ts';
import { wrongWith } from './ground.ts';

export interface Seen {
  /** how often what was wrong */
  wrong: Record<string, number>;
  /** how often nobody was at the door */
  shut: number;
}

const SETTLE_MS = 2_000;
const ASKERS = 2;

/** What people see who go on asking while that is done, and for a while before and afterwards; told for the docs, too. */
export async function whileAsked(door: Door, what: string, work: () => Promise<unknown>): Promise<Seen> {
  const askers = new Askers(door, ASKERS, wrongWith);
  await sleep(SETTLE_MS);
  const startedAt = performance.now();
  const done = work().finally(() => sleep(SETTLE_MS));
  await done.catch(() => {}); // they end in either case
  const tookS = Math.round((performance.now() - startedAt - SETTLE_MS) / 1_000);
  const answered = await askers.stop();
  await done;
  const shut = answered.filter(isShut);
  const wrong = wrongs(answered.filter((one) => !isShut(one)));
  const shutMs = shut.length === 0 ? 0 : Math.round(shut.at(-1)!.atMs - shut[0]!.atMs);
  const longest = Math.round(Math.max(...answered.map(({ tookMs }) => tookMs)));
  console.log(
    `| ${what} | ${tookS} s | ${answered.length - shut.length} | ${JSON.stringify(wrong)} | ${shut.length === 0 ? 'no' : `${shutMs} ms`} | ${longest} ms |`,
  );
  return { wrong, shut: shut.length };
}

/** How often what was wrong. */
export function wrongs(answered: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { wrong } of answered) if (wrong !== undefined) counts[wrong] = (counts[wrong] ?? 0) + 1;
  return counts;
}

/** The door itself is away, not somebody behind it. */
const isShut = ({ wrong = '' }: Answered) => /ECONNREFUSED|ECONNRESET|hang up|disconnected|certificate/.test(wrong);
