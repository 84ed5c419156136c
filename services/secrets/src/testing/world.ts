import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditEvent,
  auditSubjects,
  type CallHead,
  type CallRequest,
  DEFAULT_LIMITS,
  Fault,
  type Grant,
  type GrantList,
  type GrantListRequest,
  registrySubjects,
  type SecretBinding,
  secretsSubjects,
  type Ticket,
} from '@fingerpost/contracts';
import {
  type Bus,
  type CertifiedSigner,
  certifiedSigner,
  createLog,
  LocalExchange,
  type Log,
  Secret,
  WireBus,
} from '@fingerpost/platform';
import type { SecretsSettings } from '../config.ts';
import type { Resolve } from '../outbound/guard.ts';
import { type SecretsService, startSecrets } from '../start-secrets.ts';
import type { VaultSettings } from '../vault/vault-settings.ts';

export const DIGEST = 'd'.repeat(64);
export const PLACEHOLDER = 'fpx0123456789abcdefghijklmnop';

export const grantFor = (hosts: string[], change: Partial<Grant> = {}): Grant => ({
  digest: DIGEST,
  name: 'deploys',
  revision: 1,
  scope: 'org',
  isolation: 'clean',
  isApproved: true,
  hosts,
  areHostsDerived: false,
  groups: [],
  limits: { ...DEFAULT_LIMITS },
  secrets: { GH_TOKEN: bindTo(hosts) },
  ...change,
});

export const bindTo = (hosts: string[], change: Partial<SecretBinding> = {}): SecretBinding => ({
  hosts,
  methods: ['GET', 'HEAD', 'POST'],
  pathPrefixes: ['/'],
  slots: ['header'],
  ...change,
});

export const ticketFor = (grant: Grant, change: Partial<Ticket> = {}): Ticket => ({
  jti: randomUUID(),
  digest: grant.digest,
  name: grant.name,
  grantRevision: grant.revision,
  inputHash: 'x',
  viewerScope: 'org',
  expiresAt: Date.now() + 10_000,
  ...change,
});

export interface Answer {
  head: CallHead;
  body: string;
}

/** The secrets service on a real bus, beside a registry and a gateway that sign with certified keys. */
export class World {
  readonly exchange = new LocalExchange();
  readonly bus: Bus;
  /** what the registry says is in force */
  list: GrantList = { epoch: 100, revisions: { [DIGEST]: 1 } };
  /** answers the registry's question in its place */
  forgedList: ((nonce: string | undefined) => string | Promise<string>) | undefined;
  questions = 0;
  service: SecretsService;
  /** what the registry has in its audit trail */
  readonly audited: AuditEvent[] = [];
  /** the trail cannot be written */
  isTrailFull = false;
  dataFolder: string;
  registry: CertifiedSigner;
  gateway: CertifiedSigner;

  private constructor(readonly log: Log = createLog('test', { level: 'silent', format: 'json' })) {
    this.bus = new WireBus(this.exchange.connect(), this.log);
  }

  static async start(
    options: {
      allow?: string[];
      secrets?: Record<string, string>;
      resolve?: Resolve;
      vault?: VaultSettings;
      log?: Log;
    } = {},
  ): Promise<World> {
    const world = new World(options.log);
    world.dataFolder = await mkdtemp(join(tmpdir(), 'fingerpost-secrets-'));
    const settings: SecretsSettings = {
      dataFolder: world.dataFolder,
      outboundAllow: options.allow ?? [],
      vault: options.vault,
      secretsKeys: [],
      integrationSecrets: Object.fromEntries(
        Object.entries(options.secrets ?? { GH_TOKEN: 'ghp_realvalue123' }).map(([name, value]) => [
          name,
          new Secret(value),
        ]),
      ),
    };
    world.bus.consume(auditSubjects.anyEvent, 'registry', async (event) => {
      if (world.isTrailFull) throw new Fault('internal', 'The disk is full.');
      world.audited.push(event as AuditEvent);
    });
    const bus = new WireBus(world.exchange.connect(), world.log);
    world.service = await startSecrets({
      settings,
      bus,
      log: world.log,
      resolve: options.resolve,
    });
    [world.registry, world.gateway] = await Promise.all([
      certifiedSigner('registry', world.bus, world.log),
      certifiedSigner('gateway', world.bus, world.log),
    ]);
    world.bus.answer(registrySubjects.grants, 'registry', async (call) => {
      world.questions++;
      const { nonce } = call.message as GrantListRequest;
      const sign = () => world.registry.signer.sign('grant-list', { ...world.list, nonce });
      const envelope = await (world.forgedList?.(nonce) ?? sign());
      await call.sendBytes(new TextEncoder().encode(envelope));
    });
    return world;
  }

  announce(epoch = this.list.epoch): void {
    this.bus.publish(registrySubjects.epoch, { epoch });
  }

  async papers(grant: Grant, ticket: Partial<Ticket> = {}): Promise<Pick<CallRequest, 'ticket' | 'grant'>> {
    return {
      ticket: await this.gateway.signer.sign('ticket', ticketFor(grant, ticket)),
      grant: await this.registry.signer.sign('grant', grant),
    };
  }

  /** One call as a runner makes it. */
  async call(
    papers: Pick<CallRequest, 'ticket' | 'grant'>,
    url: string,
    change: Partial<CallRequest> & {
      body?: string[];
      runnerId?: string;
      timeoutMs?: number;
      signal?: AbortSignal;
    } = {},
  ): Promise<Answer> {
    const { body: chunks = [], runnerId = 'r1', timeoutMs = 5_000, signal, ...request } = change;
    const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
    const message = {
      ...papers,
      method: 'GET',
      url,
      headers: [],
      placeholders: {},
      redirect: 'follow',
      bodyBytes: bytes.reduce((sum, chunk) => sum + chunk.byteLength, 0),
      ...request,
    };
    const body = (async function* () {
      yield* bytes;
    })();
    const exchange = this.bus.call<CallHead>(secretsSubjects.call(runnerId), message, {
      timeoutMs,
      signal,
      body: bytes.length > 0 ? body : undefined,
    });
    let head: CallHead | undefined;
    const answered: Uint8Array[] = [];
    const readBody = (async () => {
      for await (const chunk of exchange.body) answered.push(chunk);
    })();
    readBody.catch(() => {});
    for await (const item of exchange) head = item;
    await readBody;
    return { head: head!, body: Buffer.concat(answered).toString() };
  }

  /** A runner says that a run is over. */
  endRun(jti: string, runnerId = 'r1'): void {
    this.bus.publish(secretsSubjects.runOver(runnerId), { jti });
  }

  /** A call with new papers; returns the answer or the fault's code. */
  async outcome(grant: Grant, url: string, change: Parameters<World['call']>[2] = {}): Promise<string> {
    try {
      await this.call(await this.papers(grant), url, change);
      return 'ok';
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  async close(): Promise<void> {
    this.registry.close();
    this.gateway.close();
    await this.service.close();
    await this.bus.drain();
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}
