import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AdmitRunnerReply,
  type CallHead,
  type CallRequest,
  inboxOf,
  type RunRequest,
  runnerSubjects,
  secretsSubjects,
} from '@fingerpost/contracts';
import { connectBus, createLog, WireBus } from '@fingerpost/platform';
import { createUser } from '@nats-io/jwt';
import {
  connect,
  jwtAuthenticator,
  type Msg,
  headers as makeHeaders,
  type NatsConnection,
} from '@nats-io/transport-node';
import { connectNatsWire } from '../../packages/platform/src/bus/nats-wire.ts';

const log = createLog('rogue', { level: 'silent', format: 'json' });

/** A runner in an attacker's hands: let in as any other, it speaks the bare protocol and keeps to no rule of ours. */
export class RogueRunner {
  private constructor(
    readonly id: string,
    /** what is said over it, the server judges alone */
    readonly nats: NatsConnection,
    readonly bus: WireBus,
  ) {}

  /** @param identities the folder that `npm run nats:identities` made */
  static async join(identities: string, port: number): Promise<RogueRunner> {
    const address = {
      servers: [`127.0.0.1:${port}`],
      tls: { ca: await readFile(join(identities, 'cert.pem'), 'utf8') },
    };
    const creds = await readFile(join(identities, 'creds/join.creds'));
    const door = await connectBus('join', { ...address, creds }, log);
    const key = createUser();
    const id = key.getPublicKey();
    const question = { publicKey: id };
    const { jwt } = await door.request<AdmitRunnerReply>(secretsSubjects.admitRunner, question, { timeoutMs: 5_000 });
    await door.drain();
    const options = {
      ...address,
      authenticator: jwtAuthenticator(jwt, key.getSeed()),
      inboxPrefix: inboxOf('runner', id),
    };
    return new RogueRunner(id, await connect(options), new WireBus(await connectNatsWire(options), log));
  }

  /** Takes the next run that `isWanted`, and leaves whoever asked without an answer. */
  async takeRun(isWanted: (run: RunRequest) => boolean): Promise<{ run: RunRequest; message: Msg }> {
    for await (const message of this.nats.subscribe(runnerSubjects.run, { queue: 'runner' })) {
      const run = message.json<RunRequest>();
      if (run.ticket !== undefined && isWanted(run)) return { run, message };
      this.say(message.reply!, 'fault', { code: 'runner.full', message: 'another one, please' });
    }
    throw new Error('the connection has ended');
  }

  /** @returns the answer's status, or the code of the refusal */
  async call({ ticket, grant }: RunRequest, url: string, change: Partial<CallRequest> = {}): Promise<number | string> {
    try {
      const request = { ticket, grant, ...callTo(url), ...change };
      const exchange = this.bus.call<CallHead>(secretsSubjects.call(this.id), request, { timeoutMs: 5_000 });
      const { value } = await exchange[Symbol.asyncIterator]().next();
      for await (const _ of exchange.body);
      return (value as CallHead).status;
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  /** A frame as the bus knows them, to wherever NATS lets us. */
  say(subject: string, kind: string, message?: unknown, more: Record<string, string> = {}, reply?: string): void {
    const headers = makeHeaders();
    const all = { 'fp-kind': kind, 'fp-contract': '1', 'fp-deadline': '5000', ...more };
    for (const [name, value] of Object.entries(all)) headers.append(name, value);
    this.nats.publish(subject, message === undefined ? '' : JSON.stringify(message), { headers, reply });
  }

  async leave(): Promise<void> {
    await this.nats.close();
    await this.bus.drain();
  }
}

export const callTo = (url: string) => ({
  ...{ method: 'GET', url, headers: [], placeholders: {}, redirect: 'follow' as const, bodyBytes: 0 },
});

export const claimsOf = (envelope: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(envelope.split('.')[1]!, 'base64url').toString());
