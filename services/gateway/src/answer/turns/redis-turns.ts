import { randomBytes } from 'node:crypto';
import type { RedisLink } from '../../redis/redis-link.ts';
import type { Place, Seal } from '../../redis/seal.ts';
import { EVERYBODYS_TURN, type Turn, type Turns } from './turns.ts';

/** A gateway that was killed holds the others up for so long. Renewed while it lives. */
const LEASE_MS = 1_500;
const RENEW_MS = 500;
const MOST_BYTES = 100;

/** Takes what is free; else says who has it. Never more bytes than a true one has. */
const TAKE = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
return redis.call('GETRANGE', KEYS[1], 0, ${MOST_BYTES})`;
const RENEW = `
if redis.call('GETRANGE', KEYS[1], 0, ${MOST_BYTES}) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;
const GIVE_BACK = `
if redis.call('GETRANGE', KEYS[1], 0, ${MOST_BYTES}) == ARGV[1] then return redis.call('DEL', KEYS[1]) end`;

/**
 * Turns as leases in Redis. Only gateways can write one that counts. Whoever has Redis can put an old one back, and so have gateways
 * wait in vain: they do for as long as a run may take, and then run.
 */
export function redisTurns(link: RedisLink, seal: Seal): Turns {
  return {
    async take(key) {
      const place = seal.place('turn', key);
      const mine = place.close(randomBytes(12).toString('base64url'));
      const theirs = await link.ask((redis) => redis.evalBuffer(TAKE, 1, addressOf(place), mine, LEASE_MS));
      if (theirs === undefined) return EVERYBODYS_TURN;
      if (theirs === null) return hold(link, addressOf(place), mine);
      const holder = place.open(theirs as Buffer);
      return holder === undefined ? EVERYBODYS_TURN : { isOurs: false, holder, done: () => {} };
    },
  };
}

function hold(link: RedisLink, address: string, mine: Buffer): Turn {
  const renew = () => void link.ask((redis) => redis.evalBuffer(RENEW, 1, address, mine, LEASE_MS));
  const renewing = setInterval(renew, RENEW_MS).unref();
  return {
    isOurs: true,
    done: () => {
      clearInterval(renewing);
      void link.ask((redis) => redis.evalBuffer(GIVE_BACK, 1, address, mine));
    },
  };
}

const addressOf = ({ address }: Place): string => `fp:t:${address}`;
