import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CatalogueReply,
  type CertifyRequest,
  DEFAULT_LIMITS,
  Fault,
  type Grant,
  type GrantListRequest,
  type MatchedIntegration,
  type MatchRequest,
  type RunReply,
  type RunRequest,
  registrySubjects,
  runnerSubjects,
  type SignerRole,
  secretsSubjects,
} from '@fingerpost/contracts';
import {
  type Bus,
  createLog,
  generateSigningKey,
  type IncomingCall,
  LocalExchange,
  Signer,
  signCertificate,
  Verifier,
  WireBus,
} from '@fingerpost/platform';
import { readGatewaySettings } from '../read-gateway-settings.ts';
import { type Gateway, startGateway } from '../start-gateway.ts';

export const TOKEN = 'a token that the tests know';

/** How a fake integration is matched and what it does. */
export interface FakeIntegration {
  name: string;
  cacheSeconds?: number;
  cacheKey?: string[];
  scope?: 'org' | 'user';
  secrets?: string[];
  limits?: Partial<Grant['limits']>;
  fits?: (request: MatchRequest) => boolean;
  run: (request: RunRequest, call: IncomingCall) => Promise<Partial<RunReply>> | Partial<RunReply>;
}

export interface FakeCompany {
  bus: Bus;
  gateway: Gateway;
  /** all of them, where there are more */
  gateways: Gateway[];
  log: { lines: string[] };
  runs: RunRequest[];
  /** how often the registry was asked for a match */
  matches(): number;
  missingSecrets: Set<string>;
  integrations: FakeIntegration[];
  verifier: Verifier;
  publishEpoch(): void;
  changeCatalogue(): void;
  /** takes it out of the catalogue */
  revoke(name: string): void;
  changeSecrets(): void;
  /** nothing is in force any more, and nobody says so */
  takeBack(): void;
  /** `at`: which gateway, the first one by default */
  ask(
    context: unknown,
    options?: { accept?: string; token?: string; signal?: AbortSignal; at?: number },
  ): Promise<Response>;
  close(): Promise<void>;
}

/** A real gateway over HTTP between a registry, a runner and a secrets service that do only what the test says, with real signatures. */
export async function startCompany(
  integrations: FakeIntegration[],
  env: NodeJS.ProcessEnv = {},
  options: { pages?: string; catalogue?: Partial<CatalogueReply>; gateways?: number } = {},
): Promise<FakeCompany> {
  const exchange = new LocalExchange();
  const lines: string[] = [];
  const log = createLog('test', { level: 'debug', format: 'json' });
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    log[level] = ((...args: unknown[]) => lines.push(JSON.stringify([level, ...args], errorsToo))) as never;
  const connect = () =>
    new WireBus(exchange.connect(), {
      error: (facts, message) => lines.push(JSON.stringify([facts, message], errorsToo)),
    });
  const bus = connect();

  const root = await generateSigningKey();
  const certify = (role: SignerRole, publicKey: CertifyRequest['publicKey']) =>
    signCertificate(root.privateKey, { role, publicKey, expiresAt: Date.now() + 3_600_000 });
  bus.answer(secretsSubjects.certify('gateway'), 'secrets', async ({ message }) => ({
    certificate: await certify('gateway', (message as CertifyRequest).publicKey),
  }));
  const registryKey = await generateSigningKey();
  const registrySigner = new Signer(registryKey.privateKey, await certify('registry', registryKey.publicKey as never));

  let epoch = 1;
  let matches = 0;
  let secretsRevision = 1;
  const runs: RunRequest[] = [];
  const missingSecrets = new Set<string>();
  const company: { integrations: FakeIntegration[] } = { integrations };
  const matched = new Map<FakeIntegration, MatchedIntegration>();
  const describe = async (integration: FakeIntegration, index: number): Promise<MatchedIntegration> => {
    const known = matched.get(integration);
    if (known !== undefined) return known;
    const grant = grantOf(integration);
    const made: MatchedIntegration = {
      name: integration.name,
      digest: grant.digest,
      priority: 1_000 - index,
      cacheSeconds: integration.cacheSeconds ?? 60,
      ...(integration.cacheKey && { cacheKey: integration.cacheKey }),
      scope: grant.scope,
      groups: grant.groups,
      grantRevision: grant.revision,
      grant: await registrySigner.sign('grant', grant),
    };
    matched.set(integration, made);
    return made;
  };
  bus.answer(registrySubjects.match, 'registry', async ({ message }) => {
    matches++;
    const fitting = company.integrations.filter(({ fits }) => fits?.(message as MatchRequest) ?? true);
    return { epoch, integrations: await Promise.all(fitting.map(describe)) };
  });
  bus.answer(registrySubjects.grants, 'registry', async (call) => {
    const { nonce } = call.message as GrantListRequest;
    const revisions = Object.fromEntries(
      company.integrations.map(grantOf).map(({ digest, revision }) => [digest, revision]),
    );
    await call.sendBytes(Buffer.from(await registrySigner.sign('grant-list', { epoch, nonce, revisions })));
  });
  bus.answer(registrySubjects.catalogue, 'registry', async () => ({
    epoch,
    entries: [],
    customDomains: [],
    ...options.catalogue,
  }));
  bus.answer(secretsSubjects.check, 'secrets', async ({ message }) => ({
    missing: (message as { names: string[] }).names.filter((name) => missingSecrets.has(name)),
    revision: `r${secretsRevision}`,
  }));
  bus.answer(runnerSubjects.run, 'runner', async (call) => {
    const request = call.message as RunRequest;
    if (request.ticket === undefined) throw new Fault('request.invalid', 'There is no ticket.');
    runs.push(request);
    const { digest } = JSON.parse(Buffer.from(request.ticket.split('.')[1]!, 'base64url').toString());
    const integration = company.integrations.find(({ name }) => digestOf(name) === digest)!;
    return { insights: [], reads: [], hasRemembered: false, tookMs: 1, ...(await integration.run(request, call)) };
  });

  const dataFolder = await mkdtemp(join(tmpdir(), 'fingerpost-gateway-'));
  const settings = readGatewaySettings({
    PORT: '0',
    FINGERPOST_DATA: dataFolder,
    FINGERPOST_TOKEN: TOKEN,
    FINGERPOST_RATE_LIMIT: '0',
    ...env,
  });
  const buses = Array.from({ length: options.gateways ?? 1 }, connect);
  const gateways = await Promise.all(
    buses.map((bus) => startGateway({ settings, bus, log, rootKeys: [root.publicKey], pages: options.pages })),
  );
  const publishEpoch = () => {
    bus.publish(registrySubjects.epoch, { epoch });
    bus.publish(secretsSubjects.revision, { revision: `r${secretsRevision}` });
  };
  const changeCatalogue = () => {
    epoch++;
    matched.clear();
    publishEpoch();
  };
  publishEpoch();
  await Promise.all(gateways.map((gateway) => gateway.whenReady()));

  return {
    bus,
    gateway: gateways[0]!,
    gateways,
    log: { lines },
    runs,
    matches: () => matches,
    missingSecrets,
    verifier: new Verifier([root.publicKey]),
    publishEpoch,
    changeCatalogue,
    revoke: (name) => {
      company.integrations = company.integrations.filter((integration) => integration.name !== name);
      changeCatalogue();
    },
    changeSecrets: () => {
      secretsRevision++;
      publishEpoch();
    },
    takeBack: () => {
      company.integrations = [];
      epoch++;
    },
    get integrations() {
      return company.integrations;
    },
    set integrations(list) {
      company.integrations = list;
    },
    ask: (context, { accept = 'application/json', token = TOKEN, signal, at = 0 } = {}) =>
      fetch(`${gateways[at]!.url}/context`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, accept },
        body: typeof context === 'string' ? context : JSON.stringify(context),
        signal,
      }),
    close: async () => {
      for (const gateway of gateways) await gateway.close();
      for (const bus of buses) await bus.drain();
      await bus.drain();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

export const githubPage = (repository: string, more: object = {}) => ({
  type: 'github',
  url: `https://github.com/${repository}`,
  page: { repository },
  ...more,
});

export const text = (content: string) => ({ type: 'text' as const, content });

export const digestOf = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);

function grantOf({ name, scope = 'org', secrets = [], limits }: FakeIntegration): Grant {
  const binding = { hosts: ['api.example.com'], methods: ['GET'], pathPrefixes: ['/'], slots: ['header' as const] };
  return {
    digest: digestOf(name),
    name,
    revision: 1,
    scope,
    isolation: 'clean',
    isApproved: true,
    hosts: [],
    areHostsDerived: false,
    secrets: Object.fromEntries(secrets.map((secret) => [secret, binding])),
    limits: { ...DEFAULT_LIMITS, ...limits },
    groups: [],
  };
}

const errorsToo = (_key: string, value: unknown) =>
  (value as Error)?.stack === undefined ? value : { ...(value as object), message: (value as Error).message };
