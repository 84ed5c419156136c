import {
  type AuditEvent,
  type CatalogueReply,
  type EpochNotice,
  Fault,
  type Grant,
  type GrantList,
  type MatchReply,
  registrySubjects,
  runnerSubjects,
} from '@fingerpost/contracts';
import type { Service } from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import { readTrail, verifyTrail } from './audit/trail.ts';
import { startRegistry } from './index.ts';
import { Company, integration, log } from './testing/company.ts';
import { fresh } from './testing/fresh-database.ts';
import { until } from './testing/until.ts';

/** What a registry does, on any Postgres. */
export function registryContract(open: () => Promise<Database>): void {
  let company: Company;
  let registry: Service;
  let notices: EpochNotice[];
  let database: Database;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    await fresh(database);
    company = await Company.start();
    notices = [];
    company.bus.subscribe(registrySubjects.epoch, (notice) => void notices.push(notice as EpochNotice));
  });

  afterEach(async () => {
    await registry.close();
    await company.close();
  });

  const start = async (settings = {}) => {
    registry = await company.startRegistry(database, settings);
  };
  const answerInspections = () => company.answerInspections();
  const write = (file: string, text: string) => company.write(file, text);
  const remove = (file: string) => company.remove(file);
  const match = () => company.match();
  const serving = async (...names: string[]) =>
    until(async () => {
      const reply = await match();
      return JSON.stringify(reply.integrations.map(({ name }) => name)) === JSON.stringify(names) && reply;
    });
  const catalogue = () => company.bus.request<CatalogueReply>(registrySubjects.catalogue, {}, { timeoutMs: 5_000 });
  const entry = (file: string, state: string) =>
    until(async () => (await catalogue()).entries.find((one) => one.file === file && one.state === state));
  const bytes = (subject: string, message: object) => company.bytes(subject, message);

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

    const grant = await company.verifier.verify<Grant>('grant', integrations[0]!.grant);
    expect(grant).toMatchObject({
      name: 'service-owner',
      revision: integrations[0]!.grantRevision,
      isApproved: true,
      isolation: 'clean',
      digest: integrations[0]!.digest,
    });
    expect(grant.secrets.TOKEN!.hosts).toEqual(['api.acme.dev']);

    const list = await company.verifier.verify<GrantList>(
      'grant-list',
      await bytes(registrySubjects.grants, { nonce: 'n' }),
    );
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
    await start({ integrationsFolder: `${company.folder}/missing` });
    expect((await match()).integrations).toEqual([]);
  });

  it('keeps in force what it has when it starts and there is no folder', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start();
    const before = await serving('service-owner');
    await registry.close();
    await start({ integrationsFolder: `${company.folder}/missing` });
    const after = await serving('service-owner');
    expect(after.integrations[0]!.grantRevision).toBe(before.integrations[0]!.grantRevision);
  });

  it('takes in a dropped file, its change and its removal, each as a new epoch', async () => {
    answerInspections();
    await start();
    await write('a.integration.js', integration('first-name'));
    const first = await serving('first-name');
    await write('a.integration.js', integration('other-name'));
    const second = await serving('other-name');
    await remove('a.integration.js');
    const third = await serving();
    expect([first.epoch, second.epoch, third.epoch]).toEqual(
      [...new Set([first.epoch, second.epoch, third.epoch])].sort(),
    );

    expect(await bytes(registrySubjects.bundle, { digest: first.integrations[0]!.digest })).toContain('first-name');
    expect(
      JSON.parse(JSON.stringify(await company.verifier.verify('grant-list', await bytes(registrySubjects.grants, {})))),
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
    company.inspected.length = 0;
    await write('lib/a.js', integration('service-tier'));
    await serving('chat-channel', 'service-tier');
    expect(company.inspected).toHaveLength(1);
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
    await remove('a.integration.js');
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
    await remove('a.integration.js');
    await serving();
    await write('a.integration.js', integration('service-owner'));
    const [after] = (await serving('service-owner')).integrations;
    expect(after!.digest).toBe(before!.digest);
    expect(after!.grantRevision).toBeGreaterThan(before!.grantRevision);
    expect(company.inspected).toHaveLength(1);
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

    company.inspected.length = 0;
    await remove('gone.integration.js');
    await start();
    const after = await serving('chat-channel', 'service-owner');
    expect(company.inspected).toEqual([]);
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
    company.inspected.length = 0;
    await start({ isFolderApproved: false });
    const after = (await serving('chat-channel', 'service-owner')).integrations;
    expect(company.inspected).toHaveLength(1);
    expect(after[0]!.grantRevision).toBeGreaterThan(chat!.grantRevision);
    expect(await company.verifier.verify('grant', after[0]!.grant)).toMatchObject({ isApproved: false });
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
      company.verifier.verify<GrantList>('grant-list', await bytes(registrySubjects.grants, message));
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
    await remove('a.integration.js');
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
    const stop = company.bus.answer(runnerSubjects.inspect, 'runner', async () => {
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
    expect(await company.verifier.verify('grant', integrations[0]!.grant)).toMatchObject({
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
    for await (const part of company.bus.call<CatalogueReply>(registrySubjects.catalogue, {}, { timeoutMs: 5_000 }))
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
      integrationsFolder: company.folder,
      isFolderApproved: true,
      revealed: [],
      walls: 'process' as const,
      allowedContextTypes: [],
      defaultIsolation: 'fresh' as const,
      nodeEnv: 'production',
    };
    await expect(startRegistry({ settings, bus: company.bus, log, database })).rejects.toThrow('FINGERPOST_ISOLATION');
  });
}
