import type { Json } from '@fingerpost/contracts';
import type { RedisLink } from '../redis/redis-link.ts';
import type { Place, Seal } from '../redis/seal.ts';
import { BOX_BYTES, entryOf, type IntegrationMemory, textOf, VALUE_BYTES } from './integration-memory.ts';

/** A sealed value with its end of life. */
const MOST_BYTES = VALUE_BYTES + 200;
const ENTRY_BYTES = 100;

/**
 * A box is a hash that lives as long as the longest-lived value in it; its field "#" counts its bytes. A full one drops values drawn by
 * lot: which was used last is not worth writing down at every read.
 */
const SIZE_OF = `
local function size_of(field)
  local bytes = redis.call('HSTRLEN', KEYS[1], field)
  return bytes == 0 and 0 or bytes + ${ENTRY_BYTES}
end
local function forget(field)
  redis.call('HINCRBY', KEYS[1], '#', 0 - size_of(field))
  redis.call('HDEL', KEYS[1], field)
end`;
const REMEMBER = `${SIZE_OF}
local field, value, keep_ms, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
forget(field)
local rounds = 0
while tonumber(redis.call('HGET', KEYS[1], '#')) + #value + ${ENTRY_BYTES} > most do
  local other = redis.call('HRANDFIELD', KEYS[1])
  if other ~= '#' then forget(other) end
  rounds = rounds + 1
  if rounds > 1000 then redis.call('DEL', KEYS[1]) redis.call('HSET', KEYS[1], '#', 0) end
end
redis.call('HSET', KEYS[1], field, value)
redis.call('HINCRBY', KEYS[1], '#', #value + ${ENTRY_BYTES})
if keep_ms > redis.call('PTTL', KEYS[1]) then redis.call('PEXPIRE', KEYS[1], keep_ms) end`;
const FORGET = `${SIZE_OF}
if redis.call('EXISTS', KEYS[1]) == 1 then forget(ARGV[1]) end`;
const RECALL = `
if redis.call('HSTRLEN', KEYS[1], ARGV[1]) > ${MOST_BYTES} then return false end
return redis.call('HGET', KEYS[1], ARGV[1])`;

/**
 * The same behind every gateway. Sealed, and with its end of life inside, so that whoever has Redis can put an old value back for no
 * longer than it was good for anyway. All boxes together are bounded by Redis's own `maxmemory`.
 */
export function redisMemory(link: RedisLink, seal: Seal, now: () => number = Date.now): IntegrationMemory {
  const boxesOf = (digest: string) => seal.places('box', digest).map(addressOf);
  const entriesOf = (digest: string, viewerScope: string, key: string) =>
    seal.places('value', `${digest} ${entryOf(viewerScope, key)}`);

  return {
    async recall(digest, viewerScope, key) {
      const entries = entriesOf(digest, viewerScope, key);
      const kept = await Promise.all(
        boxesOf(digest).map((box, at) => link.ask((redis) => redis.evalBuffer(RECALL, 1, box, entries[at]!.address))),
      );
      for (const [at, bytes] of kept.entries()) {
        const value = bytes ? valueIn(entries[at]!.open(bytes as Buffer), now()) : undefined;
        if (value !== undefined) return value;
      }
    },
    async remember(digest, viewerScope, key, value, ttlSeconds) {
      const boxes = boxesOf(digest);
      const entries = entriesOf(digest, viewerScope, key);
      const isForgotten = value === undefined || ttlSeconds === 0;
      const keepMs = Math.ceil(ttlSeconds * 1_000);
      const bytes = isForgotten
        ? undefined
        : entries[0]!.close(JSON.stringify({ until: now() + keepMs, value: JSON.parse(textOf(value, key)) }));
      await Promise.all(
        boxes.map((box, at) =>
          link.ask((redis) =>
            at === 0 && bytes !== undefined
              ? redis.evalBuffer(REMEMBER, 1, box, entries[at]!.address, bytes, keepMs, BOX_BYTES)
              : redis.evalBuffer(FORGET, 1, box, entries[at]!.address),
          ),
        ),
      );
    },
  };
}

function valueIn(text: string | undefined, now: number): Json | undefined {
  if (text === undefined) return undefined;
  const { until, value } = JSON.parse(text) as { until: number; value: Json };
  return until > now ? value : undefined;
}

const addressOf = ({ address }: Place): string => `fp:m:${address}`;
