import { setTimeout as sleep } from 'node:timers/promises';
import { type BusRole, inboxOf } from '@fingerpost/contracts';
import { type ConnectionOptions, credsAuthenticator } from '@nats-io/transport-node';
import type { Log } from '../log/log.ts';
import { connectNatsWire } from './nats-wire.ts';
import type { Wire } from './wire.ts';
import { WireBus } from './wire-bus.ts';

const AGAIN_MS = 500;

/** Where NATS is, and how it is spoken to. */
export interface NatsAddress {
  servers: string[];
  /** PEM; absent: plain TCP, or TLS by the public authorities where the server asks for it */
  tls?: { ca?: string; cert?: string; key?: string; servername?: string };
}

export interface NatsIdentity {
  /** a creds file's content; absent: a server that asks nobody who they are */
  creds?: Uint8Array;
}

/** The bus for one service. Waits until the server is there and lets us in. @throws when it is not wanted any more */
export async function connectBus(
  role: BusRole,
  nats: NatsAddress & NatsIdentity,
  log: Log,
  isWanted = () => true,
): Promise<WireBus> {
  const authenticator = nats.creds && credsAuthenticator(nats.creds);
  const options = { name: role, authenticator, inboxPrefix: inboxOf(role) };
  return new WireBus(await connectPatiently(nats, options, log, isWanted), log);
}

/** One line for each reason, not for each try. @throws the last reason, when it is not wanted any more */
export async function connectPatiently(
  { servers, tls }: NatsAddress,
  options: ConnectionOptions,
  log: Log,
  isWanted: () => boolean,
): Promise<Wire> {
  for (let told = ''; ; await sleep(AGAIN_MS)) {
    try {
      return await connectNatsWire({ servers, tls, ...options });
    } catch (error) {
      if (!isWanted()) throw error;
      const reason = (error as Error).message;
      if (reason !== told) log.warn({ servers, reason }, `waiting for NATS: ${reason}`);
      told = reason;
    }
  }
}
