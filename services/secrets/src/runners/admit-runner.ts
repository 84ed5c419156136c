import { type AdmitRunnerReply, busPermissions, Fault } from '@fingerpost/contracts';
import { encodeUser } from '@nats-io/jwt';
import type { RunnerKey } from './runner-key.ts';

/** Short, for a runner that was taken over keeps it to the end; the runner asks again at half of it. */
export const ADMISSION_LIFE_MS = 60 * 60 * 1_000;

/**
 * A runner has nine subscriptions. Of those in a queue group each gets as much as any other: with a thousand, one connection would get
 * nearly every run there is.
 */
const LIMITS = { subs: 16, data: -1, payload: -1 };

/**
 * Permission for one runner, good only for whoever holds the private half of that key: it may be said aloud. Who may ask is decided by
 * the bus's permissions.
 */
export async function admitRunner(
  key: RunnerKey | undefined,
  publicKey: string,
  lifeMs = ADMISSION_LIFE_MS,
): Promise<AdmitRunnerReply> {
  if (key === undefined)
    throw new Fault(
      'request.forbidden',
      'The secrets service has no key to admit runners by: set NATS_RUNNER_KEY ("npm run nats:identities" makes one).',
    );
  const { publish, subscribe } = busPermissions('runner', publicKey);
  const jwt = await encodeUser(
    'runner',
    publicKey,
    key.account,
    { ...LIMITS, pub: { allow: publish }, sub: { allow: subscribe }, allowed_connection_types: ['STANDARD'] },
    { signer: Buffer.from(key.seed.reveal()), exp: Math.ceil((Date.now() + lifeMs) / 1_000) },
  );
  return { jwt, lifeMs };
}
