import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import {
  type AuditEvent,
  type CatalogueReply,
  type EpochNotice,
  Fault,
  type Grant,
  type GrantList,
  type InspectReply,
  type MatchReply,
  registrySubjects,
  runnerSubjects,
  secretsSubjects,
} from '@fingerpost/contracts';
import {
  type Bus,
  createLog,
  generateSigningKey,
  LocalExchange,
  type Service,
  signCertificate,
  Verifier,
  WireBus,
} from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import { readTrail, verifyTrail } from './audit/trail.ts';
import { startRegistry } from './index.ts';
import { fresh } from './testing/fresh-database.ts';
import { until } from './testing/until.ts';

const log = createLog('test', { level: 'silent', format: 'json' });
const integration = (name: string, more = '', content = name) =>
  `module.exports = { metadata: { name: '${name}', match: { contextType: 'github', context: { 'page.repository': { startsWith: 'acme/' } } }, ${more} }, run: async () => [{ type: 'text', content: '${content}' }] };`;

/** Evaluates metadata as a runner does, apart from the walls. Only for tests. */
async function inspect(code: string): Promise<InspectReply> {
  let exports: { metadata?: unknown; run?: unknown; shouldRun?: unknown };
  try {
    exports = runInNewContext(`${code}; __integration`, {}, { timeout: 1_000 });
  } catch (error) {
    throw new Fault('metadata.invalid', (error as Error).message);
  }
  const metadata = JSON.stringify(exports.metadata ?? null, (_key, value) => {
    if (Object.prototype.toString.call(value) === '[object RegExp]')
      return { $pattern: { source: value.source, flags: value.flags } };
    return typeof value === 'function' ? { $function: value.name } : value;
  });
  return {
    metadata: JSON.parse(metadata),
    hasRun: typeof exports.run === 'function',
    hasShouldRun: exports.shouldRun !== undefined,
  };
}

/** What a registry does, on any Postgres. */
export function registryContract(open: () => Promise<Database>): void {
  let folder: string;
  let bus: Bus;
  let buses: Bus[];
  let verifier: Verifier;
  let registry: Service;
  let notices: EpochNotice[];
  let inspected: number[];
  let database: Database;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    await fresh(database);
    folder = await mkdtemp(join(tmpdir(), 'registry-'));
    const exchange = new LocalExchange();
    buses = Array.from({ length: 2 }, () => new WireBus(exchange.connect(), log));
    bus = buses[0]!;

    const root = await generateSigningKey();
    verifier = new Verifier([root.publicKey]);
    bus.answer(secretsSubjects.certify('registry'), 'secrets', async ({ message }) => {
      const { publicKey } = message as { publicKey: object };
      return {
        certificate: await signCertificate(root.privateKey, {
          role: 'registry',
          publicKey,
          expiresAt: Date.now() + 60_000,
        }),
      };
    });
    inspected = [];
    notices = [];
    bus.subscribe(registrySubjects.epoch, (notice) => void notices.push(notice as EpochNotice));
  });

  afterEach(async () => {
    await registry.close();
    await Promise.all(buses.map((one) => one.drain()));
    await rm(folder, { recursive: true });
  });

  const answerInspections = () =>
    bus.answer(runnerSubjects.inspect, 'runner', async ({ message, body }) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      inspected.push((message as { codeBytes: number }).codeBytes);
      return inspect(Buffer.concat(chunks).toString());
    });
  const start = async (settings = {}) => {
    const defaults = {
      integrationsFolder: folder,
      isFolderApproved: true,
      revealed: [],
      walls: 'process' as const,
      allowedContextTypes: ['github', 'aws', 'generic'],
    };
    registry = await startRegistry({ settings: { ...defaults, ...settings }, bus: buses[1]!, log, database });
  };
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  const ask = <T>(subject: string, message: object = {}) => bus.request<T>(subject, message, { timeoutMs: 5_000 });
  const match = (groups: string[] = []) =>
    ask<MatchReply>(registrySubjects.match, {
      context: { type: 'github', url: 'https://github.com/acme/webshop', page: { repository: 'acme/webshop' } },
      groups,
    });
  const serving = async (...names: string[]) =>
    until(async () => {
      const reply = await match();
      return JSON.stringify(reply.integrations.map(({ name }) => name)) === JSON.stringify(names) && reply;
    });
  const catalogue = () => ask<CatalogueReply>(registrySubjects.catalogue);
  const entry = (file: string, state: string) =>
    until(async () => (await catalogue()).entries.find((one) => one.file === file && one.state === state));
  const bytes = async (subject: string, message: object) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bus.call(subject, message, { timeoutMs: 5_000 }).body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('serves what the folder holds, with grants that others believe', async () => {
    answerInspections();
    await write(
      'owner.integration.js',
      integration(
        'service-owner',
        "requiredSecrets: ['TOKEN'], hosts: ['api.acme.dev'], cache: 60, cacheKey: ['page.repository'], priority: 7",
      ),
    );
    await start();
    const { integrations, epoch } = await serving('service-owner');
    expect(integrations[0]).toMatchObject({
      priority: 7,
      cacheSeconds: 60,
      cacheKey: ['page.repository'],
      scope: 'org',
      grantRevision: expect.any(Number),
    });

    const grant = await verifier.verify<Grant>('grant', integrations[0]!.grant);
    expect(grant).toMatchObject({
      name: 'service-owner',
      revision: integrations[0]!.grantRevision,
      isApproved: true,
      isolation: 'clean',
      digest: integrations[0]!.digest,
    });
    expect(grant.secrets.TOKEN!.hosts).toEqual(['api.acme.dev']);

    const list = await verifier.verify<GrantList>('grant-list', await bytes(registrySubjects.grants, { nonce: 'n' }));
    expect(list).toEqual({
      epoch,
      nonce: 'n',
      ageMs: expect.any(Number),
      revisions: { [grant.digest]: grant.revision },
    });
    expect(await bytes(registrySubjects.bundle, { digest: grant.digest })).toContain('service-owner');
    expect(notices.at(-1)!.epoch).toBe(epoch);
  });

  it('says nothing and answers no match before its first load is done', async () => {
    await write('a.integration.js', integration('first-name'));
    await start(); // and there is no runner to inspect the file
    const early = match();
    await expect(Promise.race([early, new Promise((resolve) => setTimeout(resolve, 500, 'waits'))])).resolves.toBe(
      'waits',
    );
    expect(notices).toEqual([]);

    answerInspections();
    expect((await early).integrations.map(({ name }) => name)).toEqual(['first-name']);
    await until(() => notices.length > 0);
  });

  it('opens empty where there is no folder', async () => {
    await start({ integrationsFolder: join(folder, 'missing') });
    expect((await match()).integrations).toEqual([]);
  });

  it('takes in a dropped file, its change and its removal, each as a new epoch', async () => {
    answerInspections();
    await start();
    await write('a.integration.js', integration('first-name'));
    const first = await serving('first-name');
    await write('a.integration.js', integration('other-name'));
    const second = await serving('other-name');
    await rm(join(folder, 'a.integration.js'));
    const third = await serving();
    expect([first.epoch, second.epoch, third.epoch]).toEqual(
      [...new Set([first.epoch, second.epoch, third.epoch])].sort(),
    );

    expect(await bytes(registrySubjects.bundle, { digest: first.integrations[0]!.digest })).toContain('first-name');
    expect(
      JSON.parse(JSON.stringify(await verifier.verify('grant-list', await bytes(registrySubjects.grants, {})))),
    ).toMatchObject({ revisions: {} });
  });

  it('keeps the last good version of a broken file in service and shows where it is broken', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await write('b.integration.js', integration('chat-channel'));
    await start();
    const { integrations } = await serving('chat-channel', 'service-owner');
    await write('a.integration.js', 'module.exports = {\n  metadata: {{ };');
    const broken = await entry('a.integration.js', 'broken');
    expect(broken).toMatchObject({
      name: 'service-owner',
      digest: integrations[1]!.digest,
      fault: { file: 'a.integration.js', line: 2, column: 14 },
    });
    expect((await serving('chat-channel', 'service-owner')).integrations).toMatchObject(
      integrations.map(({ digest, grantRevision }) => ({ digest, grantRevision })),
    );

    await write('a.integration.js', integration('service-owner', '', 'mended'));
    await entry('a.integration.js', 'serving');
  });

  it('shows what is wrong with metadata, and what a throwing file threw', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner', 'chache: 5'));
    await write('b.integration.js', 'throw new Error("no such luck")');
    await start();
    expect((await entry('a.integration.js', 'broken')).fault!.message).toContain(
      'chache: is not a field of metadata; did you mean "cache"?',
    );
    expect((await entry('b.integration.js', 'broken')).fault!.message).toContain('no such luck');
  });

  it('rebuilds what includes a changed file, and nothing else', async () => {
    answerInspections();
    await write('a.integration.js', "module.exports = require('./lib/a.js')");
    await write('lib/a.js', integration('service-owner'));
    await write('b.integration.js', integration('chat-channel'));
    await start();
    await serving('chat-channel', 'service-owner');
    inspected.length = 0;
    await write('lib/a.js', integration('service-tier'));
    await serving('chat-channel', 'service-tier');
    expect(inspected).toHaveLength(1);
  });

  it('mends a file when the file that it missed comes', async () => {
    answerInspections();
    await write('a.integration.js', "module.exports = require('./lib.js')");
    await start();
    await entry('a.integration.js', 'broken');
    await write('lib.js', integration('service-owner'));
    await serving('service-owner');
  });

  it('gives a name to one file only and tells the other’s author whose it is', async () => {
    answerInspections();
    await write('b.integration.js', integration('service-owner', '', 'b'));
    await write('a.integration.js', integration('service-owner', '', 'a'));
    await start();
    expect((await entry('b.integration.js', 'broken')).fault!.message).toBe(
      'the name "service-owner" is taken by a.integration.js; choose another name',
    );
    await rm(join(folder, 'a.integration.js'));
    await entry('b.integration.js', 'serving');
    await serving('service-owner');
  });

  it('refuses the data file with which there is too much of them, and goes on with the others', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    for (const name of ['one', 'two', 'three']) await write(`${name}.data.json`, JSON.stringify('x'.repeat(1_900_000)));
    await start();
    await match();
    const { entries } = await catalogue();
    const refused = entries.filter(({ state }) => state === 'broken');
    expect(refused.map(({ fault }) => fault!.message)).toEqual([expect.stringContaining('5000000 at most')]);
    expect((await serving('service-owner')).integrations[0]!.dataDigest).toBeDefined();
  });

  it('serves data files under one digest, keeps the last good state of a broken one', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await write('services.data.yml', 'base: &base { tier: 1 }\nwebshop:\n  <<: *base\n  owner: team-a\n');
    await write('more/links.data.json', '{"__proto__": 1, "a": [null]}');
    await start();
    const { integrations } = await until(async () => {
      const reply = await serving('service-owner');
      return reply.integrations[0]!.dataDigest !== undefined && reply;
    });
    const dataDigest = integrations[0]!.dataDigest!;
    const text =
      '[{"id":"links","data":{"__proto__":1,"a":[null]}},{"id":"services","data":{"base":{"tier":1},"webshop":{"tier":1,"owner":"team-a"}}}]';
    expect(await bytes(registrySubjects.bundle, { digest: dataDigest })).toBe(text);

    await write('services.data.yml', 'a: 1\nb: [');
    expect((await entry('services.data.yml', 'broken')).fault).toMatchObject({ file: 'services.data.yml', line: 2 });
    expect((await serving('service-owner')).integrations[0]!.dataDigest).toBe(dataDigest);

    await write('links.data.yml', 'b: 1');
    expect((await entry('links.data.yml', 'broken')).fault!.message).toBe(
      'the data id "links" is taken by more/links.data.json; rename links.data.yml',
    );
  });

  it('gives a digest that comes back a higher revision', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start();
    const [before] = (await serving('service-owner')).integrations;
    await rm(join(folder, 'a.integration.js'));
    await serving();
    await write('a.integration.js', integration('service-owner'));
    const [after] = (await serving('service-owner')).integrations;
    expect(after!.digest).toBe(before!.digest);
    expect(after!.grantRevision).toBeGreaterThan(before!.grantRevision);
    expect(inspected).toHaveLength(1);
  });

  it('goes on after a restart where it was, without building anything again', async () => {
    answerInspections();
    await write('a.integration.js', "module.exports = require('./lib/a.js')");
    await write('lib/a.js', integration('service-owner', "requiredSecrets: ['TOKEN'], hosts: ['api.acme.dev']"));
    await write('b.integration.js', integration('chat-channel'));
    await write('gone.integration.js', integration('soon-gone'));
    await write('some.data.json', '[1]');
    await start();
    await serving('chat-channel', 'service-owner', 'soon-gone');
    await write('b.integration.js', 'module.exports = {{');
    await entry('b.integration.js', 'broken');
    const before = await match();
    await registry.close();

    inspected.length = 0;
    await rm(join(folder, 'gone.integration.js'));
    await start();
    const after = await serving('chat-channel', 'service-owner');
    expect(inspected).toEqual([]);
    expect(after.epoch).toBeGreaterThan(before.epoch);
    const told = ({ digest, grantRevision, dataDigest }: MatchReply['integrations'][0]) => [
      digest,
      grantRevision,
      dataDigest,
    ];
    expect(after.integrations.map(told)).toEqual(before.integrations.slice(0, 2).map(told));
    expect((await catalogue()).entries.map(({ file, state }) => [file, state])).toEqual([
      ['a.integration.js', 'serving'],
      ['b.integration.js', 'broken'],
    ]);

    await write('lib/a.js', integration('service-tier'));
    await serving('chat-channel', 'service-tier');
  });

  it('builds anew what changed while it was away, and grants by the settings of today', async () => {
    answerInspections();
    await write('a.integration.js', "module.exports = require('./a.js')");
    await write('a.js', integration('service-owner'));
    await write('b.integration.js', integration('chat-channel'));
    await start();
    const [chat] = (await serving('chat-channel', 'service-owner')).integrations;
    await registry.close();
    await write('a.js', integration('service-owner', '', 'another'));
    inspected.length = 0;
    await start({ isFolderApproved: false });
    const after = (await serving('chat-channel', 'service-owner')).integrations;
    expect(inspected).toHaveLength(1);
    expect(after[0]!.grantRevision).toBeGreaterThan(chat!.grantRevision);
    expect(await verifier.verify('grant', after[0]!.grant)).toMatchObject({ isApproved: false });
  });

  it('leaves a name with who had it first, over restarts too', async () => {
    answerInspections();
    await write('b.integration.js', integration('service-owner', '', 'b'));
    await start();
    const [first] = (await serving('service-owner')).integrations;
    await registry.close();
    await write('a.integration.js', integration('service-owner', '', 'a'));
    await start();
    await entry('a.integration.js', 'broken');
    expect((await match()).integrations[0]!.digest).toBe(first!.digest);
  });

  it('saves what one author writes in odd characters, and what all others do', async () => {
    answerInspections();
    const odd = String.raw`description: 'a \u0000 \ud800 \u2028 z'`;
    await write('a.integration.js', integration('service-owner', odd));
    await write('b.integration.js', `throw new Error('\u0000 \ud800')`);
    await write('odd.data.json', String.raw`["\u0000", "\ud800"]`);
    await start();
    await serving('service-owner');
    await entry('b.integration.js', 'broken');
    expect((await catalogue()).entries[0]!.description).toBe('a \u0000 \ud800 \u2028 z');
  });

  it('leaves out the list that the asker has', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start();
    const { epoch } = await serving('service-owner');
    const list = async (message: object) =>
      verifier.verify<GrantList>('grant-list', await bytes(registrySubjects.grants, message));
    expect((await list({ nonce: 'n', known: epoch })).revisions).toBeUndefined();
    expect((await list({ nonce: 'n', known: epoch - 1 })).revisions).toBeDefined();
    expect(await list({ nonce: 'n', epoch: Number.MAX_SAFE_INTEGER })).toMatchObject({ epoch });
  });

  it('writes down what it takes in, grants and takes back', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start();
    const { digest, grantRevision: revision } = (await serving('service-owner')).integrations[0]!;
    await write('b.integration.js', '{{');
    await entry('b.integration.js', 'broken');
    await rm(join(folder, 'a.integration.js'));
    await serving();
    const trail = await Array.fromAsync(readTrail(database.sql));
    const told = trail
      .map(({ event }) => JSON.parse(event) as AuditEvent)
      .map(({ action, target }) => [action, target]);
    expect(told).toEqual([
      ['version.served', digest],
      ['grant.given', digest],
      ['file.broken', 'b.integration.js'],
      ['version.left', digest],
      ['grant.revoked', digest],
    ]);
    expect(JSON.parse(trail[1]!.event)).toMatchObject({ actor: 'folder', detail: { name: 'service-owner', revision } });
    expect(await verifyTrail(readTrail(database.sql))).toMatchObject({ seq: 5 });
  });

  it('waits for a runner rather than blame the author', async () => {
    let refusals = 0;
    const stop = bus.answer(runnerSubjects.inspect, 'runner', async () => {
      refusals++;
      throw new Fault('runner.full', 'full');
    });
    await write('a.integration.js', integration('service-owner'));
    await start();
    await until(() => refusals >= 2);
    stop();
    expect((await catalogue()).entries).toEqual([]);
    answerInspections();
    await serving('service-owner');
  });

  it('gives unapproved code fresh isolates', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start({ isFolderApproved: false });
    const { integrations } = await serving('service-owner');
    expect(await verifier.verify('grant', integrations[0]!.grant)).toMatchObject({
      isApproved: false,
      isolation: 'fresh',
    });
  });

  it('names the origins of the pages that generic integrations stand on', async () => {
    answerInspections();
    const generic = (name: string, rule: string) =>
      `module.exports = { metadata: { name: '${name}', match: { contextType: 'generic', context: { url: ${rule} } } }, run() {} }`;
    await write('a.integration.js', generic('wiki-links', "{ startsWith: 'https://wiki.acme.dev/teams/' }"));
    await write('b.integration.js', generic('jira-links', '{ pattern: /^https?:\\/\\/jira\\.acme\\.dev\\/browse/ }'));
    await start();
    await until(async () => (await catalogue()).entries.length === 2);
    expect((await catalogue()).customDomains).toEqual([
      'http://jira.acme.dev',
      'https://jira.acme.dev',
      'https://wiki.acme.dev',
    ]);
  });

  it('tells a long catalogue in parts', async () => {
    answerInspections();
    for (let n = 0; n < 260; n++) await write(`f${n}.integration.js`, integration(`name-${n}`));
    await start();
    await until(async () => (await match()).integrations.length === 260);
    const parts: CatalogueReply[] = [];
    for await (const part of bus.call<CatalogueReply>(registrySubjects.catalogue, {}, { timeoutMs: 5_000 }))
      parts.push(part);
    expect(parts).toHaveLength(2);
    expect(new Set(parts.flatMap(({ entries }) => entries.map(({ name }) => name))).size).toBe(260);
  });

  it('says what it does not have', async () => {
    await start();
    await expect(bytes(registrySubjects.bundle, { digest: 'a'.repeat(64) })).rejects.toMatchObject({
      code: 'bundle.not_found',
    });
    await expect(bytes(registrySubjects.bundle, { digest: '../etc/passwd' })).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });

  it('refuses to choose an isolation in production', async () => {
    await start();
    const settings = {
      integrationsFolder: folder,
      isFolderApproved: true,
      revealed: [],
      walls: 'process' as const,
      allowedContextTypes: [],
      defaultIsolation: 'fresh' as const,
      nodeEnv: 'production',
    };
    await expect(startRegistry({ settings, bus, log, database })).rejects.toThrow('FINGERPOST_ISOLATION');
  });
}
