import type { RedisCommands } from '../../redis/redis-commands.ts';
import { MEMBERS, RECORDS } from './redis-scripts.ts';

type Ask = <T>(send: (redis: RedisCommands) => Promise<T>, withinMs: number) => Promise<T>;

const LIST_MS = 3_000;
const NAMES_AT_A_TIME = 20_000;
/** What was used meanwhile has moved to the end, and others have moved up: so many names are looked at twice. */
const OVERLAP = 1_000;
/** More than that only somebody who has Redis would tell. */
const MOST_NAMES = 500_000;
const RECORDS_AT_A_TIME = 1_000;

/** All that an index names: names first, then what lies there, in pieces. A reply has a bound (`bound-replies.ts`), and a company is larger. */
export async function* listRecords(ask: Ask, index: string, now: number): AsyncGenerator<Buffer> {
  let names = await namesIn(ask, index, now);
  while (names.length > 0) {
    const some = names.slice(0, RECORDS_AT_A_TIME);
    const records = (await ask((redis) => redis.evalBuffer(RECORDS, 1, index, ...some), LIST_MS)) as Buffer[];
    if (records.length === 0) return;
    yield* records;
    names = names.slice(records.length);
  }
}

async function namesIn(ask: Ask, index: string, now: number): Promise<string[]> {
  const names = new Set<string>();
  for (let from = 0; from < MOST_NAMES; from += NAMES_AT_A_TIME - OVERLAP) {
    const to = from + NAMES_AT_A_TIME - 1;
    const some = (await ask((redis) => redis.evalBuffer(MEMBERS, 1, index, now, from, to), LIST_MS)) as Buffer[];
    for (const name of some) names.add(name.toString());
    if (some.length < NAMES_AT_A_TIME) break;
  }
  return [...names];
}
