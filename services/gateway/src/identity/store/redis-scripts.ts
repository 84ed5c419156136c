/** What Redis does in one step. One slot of a cluster holds all of it, so that each step is one. */
export const PREFIX = 'fp:{i}:';
export const CHANGES = `${PREFIX}changes`;
export const ENDS = `${PREFIX}ends`;
export const MOST_BYTES = 64_000;
const MOST_LISTED_BYTES = 1_000_000;

const CHANGES_KEPT = 10_000;

/**
 * Keys: record, shelf, owner, changes. Values: mode, record, until, now, member, change. Nothing has an end that Redis knows of: what it
 * may drop when it is full are answers. So we sweep ourselves.
 */
export const WRITE = `
local mode, record, till, now, member, change = unpack(ARGV)
local is_there = redis.call('EXISTS', KEYS[1]) == 1 and tonumber(redis.call('ZSCORE', '${ENDS}', member) or now) > tonumber(now)
if (mode == 'add' and is_there) or (mode == 'replace' and not is_there) then return 0 end
redis.call('SET', KEYS[1], record)
for _, index in ipairs({ KEYS[2], KEYS[3] }) do
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, till, member)
end
redis.call('ZADD', '${ENDS}', till, member)
if change ~= '' then redis.call('XADD', KEYS[4], 'MAXLEN', '~', ${CHANGES_KEPT}, '*', 'c', change) end
return 1`;

/** The same keys. Values: member, change. */
export const TAKE = `
local record = redis.call('GETRANGE', KEYS[1], 0, ${MOST_BYTES})
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', '${ENDS}', ARGV[1])
if ARGV[2] ~= '' then redis.call('XADD', KEYS[4], 'MAXLEN', '~', ${CHANGES_KEPT}, '*', 'c', ARGV[2]) end
return record`;

/** Key: shelf or owner. Values: now, the first and the last place that is wanted. */
export const MEMBERS = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
return redis.call('ZRANGE', KEYS[1], ARGV[2], ARGV[3])`;

/** Key: the same. Values: members. As many records as go into one reply, of the first ones, in their order; what is gone is empty. */
export const RECORDS = `
local records, bytes = {}, 0
for _, member in ipairs(ARGV) do
  local record = redis.call('GETRANGE', '${PREFIX}' .. member, 0, ${MOST_BYTES})
  records[#records + 1] = record
  bytes = bytes + #record
  if bytes > ${MOST_LISTED_BYTES} then break end
end
return records`;

/** Key: what ends when. Value: the time up to which. */
export const SWEEP = `
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 500)) do
  redis.call('DEL', '${PREFIX}' .. member)
  redis.call('ZREM', KEYS[1], member)
end
return 1`;
