import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AdmitRunnerReply,
  type AdmitRunnerRequest,
  Fault,
  inboxOf,
  isFault,
  secretsSubjects,
} from '@fingerpost/contracts';
import { createUser } from '@nats-io/nkeys';
import { jwtAuthenticator } from '@nats-io/transport-node';
import { timerMs } from '../life/timer-ms.ts';
import type { Log } from '../log/log.ts';
import { connectBus, connectPatiently, type NatsAddress, type NatsIdentity } from './connect-bus.ts';
import type { Wire } from './wire.ts';
import { WireBus } from './wire-bus.ts';

const AGAIN_MS = 1_000;
const TIMEOUT_MS = 5_000;

export interface RunnerBus {
  bus: WireBus;
  /** the public half of a key that this process made, and nobody else has */
  id: string;
}

/**
 * How a runner gets a bus of its own: it makes a key, asks as `join` for a permission in that key's name, and connects by it. The
 * permission is short-lived; at half its life the next one is fetched, and the bus moves over to a new connection.
 */
export async function joinAsRunner(nats: NatsAddress & NatsIdentity, log: Log): Promise<RunnerBus> {
  const key = createUser();
  const id = key.getPublicKey();
  const enter = async (isWanted = () => true): Promise<{ wire: Wire; lifeMs: number }> => {
    const { jwt, lifeMs } = await askForAdmission(id, nats, isWanted, log);
    const authenticator = jwtAuthenticator(jwt, key.getSeed());
    const options = { name: 'runner', authenticator, inboxPrefix: inboxOf('runner', id) };
    const until = performance.now() + lifeMs / 2;
    const isOfUse = () => isWanted() && performance.now() < until;
    return { wire: await connectPatiently(nats, options, log, isOfUse), lifeMs };
  };
  const { wire, lifeMs } = await enter();
  const bus = new WireBus(wire, log);
  void stayAdmitted(bus, lifeMs, enter);
  return { bus, id };
}

async function stayAdmitted(
  bus: WireBus,
  lifeMs: number,
  enter: (isWanted: () => boolean) => Promise<{ wire: Wire; lifeMs: number }>,
): Promise<void> {
  const isWanted = () => !bus.isClosing;
  for (let life = lifeMs; ; ) {
    await sleep(timerMs(life / 2), undefined, { ref: false });
    if (!isWanted()) return;
    const next = await enter(isWanted).catch(() => undefined); // came too late to be let in: from the beginning
    life = next?.lifeMs ?? 0;
    if (next === undefined) continue;
    if (!isWanted()) return next.wire.close();
    void bus.moveTo(next.wire);
  }
}

async function askForAdmission(
  publicKey: string,
  nats: NatsAddress & NatsIdentity,
  isWanted: () => boolean,
  log: Log,
): Promise<AdmitRunnerReply> {
  const bus = await connectBus('join', nats, log, isWanted);
  try {
    for (let told = ''; isWanted(); await sleep(AGAIN_MS)) {
      try {
        const request: AdmitRunnerRequest = { publicKey };
        return await bus.request<AdmitRunnerReply>(secretsSubjects.admitRunner, request, { timeoutMs: TIMEOUT_MS });
      } catch (error) {
        const reason = isFault(error) ? error.message : String(error);
        if (reason !== told) log.warn({ reason }, `waiting for the secrets service to admit this runner: ${reason}`);
        told = reason;
      }
    }
    throw new Fault('bus.closed', 'This runner is closing.');
  } finally {
    await bus.drain();
  }
}
