import type { Redis } from 'ioredis';

/** Nothing that we ask has a longer reply (`redis-cache.ts`, `redis-memory.ts`); what comes in one piece with it counts, too. */
const MOST_BYTES = 2_000_000;

/** Gives up a server that goes on speaking without coming to an end: its reply is kept until it is whole, and would fill our memory. */
export function boundReplies(redis: Redis): Redis {
  let heardBefore = 0;
  redis.on('connect', () => {
    const { stream } = redis;
    heardBefore = 0;
    stream.on('data', () => {
      if (bytesRead(stream) - heardBefore > MOST_BYTES) stream.destroy(new Error('a reply that does not end'));
    });
  });
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    const settled = () => {
      heardBefore = bytesRead(redis.stream);
    };
    command.promise.then(settled, settled);
    return send(command, stream);
  };
  return redis;
}

const bytesRead = (stream: Redis['stream'] | undefined): number =>
  stream !== undefined && 'bytesRead' in stream ? (stream.bytesRead as number) : 0;
