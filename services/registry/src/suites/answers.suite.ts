import {
  type AuditEvent,
  type CatalogueReply,
  type Grant,
  type GrantList,
  registrySubjects,
} from '@fingerpost/contracts';
import { readTrail, verifyTrail } from '../audit/trail.ts';
import { startRegistry } from '../index.ts';
import { integration, log } from '../testing/company.ts';
import { until } from '../testing/until.ts';
import type { RegistryUnderTest } from './registry-under-test.ts';

/** What others are told: gateways, runners, secrets, and whoever reads the trail. */
export function answersSuite({
  start,
  company,
  database,
  notices,
  answerInspections,
  write,
  remove,
  bytes,
  verify,
  match,
  catalogue,
  serving,
  entry,
}: RegistryUnderTest): void {
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

    const grant = await verify<Grant>('grant', integrations[0]!.grant);
    expect(grant).toMatchObject({
      name: 'service-owner',
      revision: integrations[0]!.grantRevision,
      isApproved: true,
      isolation: 'clean',
      digest: integrations[0]!.digest,
    });
    expect(grant.secrets.TOKEN!.hosts).toEqual(['api.acme.dev']);

    const list = await verify<GrantList>('grant-list', await bytes(registrySubjects.grants, { nonce: 'n' }));
    expect(list).toEqual({
      epoch,
      nonce: 'n',
      ageMs: expect.any(Number),
      revisions: { [grant.digest]: grant.revision },
    });
    expect(await bytes(registrySubjects.bundle, { digest: grant.digest })).toContain('service-owner');
    expect(notices().at(-1)!.epoch).toBe(epoch);
  });

  it('leaves out the list that the asker has', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start();
    const { epoch } = await serving('service-owner');
    const list = async (message: object) =>
      verify<GrantList>('grant-list', await bytes(registrySubjects.grants, message));
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
    const trail = await Array.fromAsync(readTrail(database().sql));
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
    expect(await verifyTrail(readTrail(database().sql))).toMatchObject({ seq: 5 });
  });

  it('gives unapproved code fresh isolates', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start({ isFolderApproved: false });
    const { integrations } = await serving('service-owner');
    expect(await verify('grant', integrations[0]!.grant)).toMatchObject({
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
    for await (const part of company().bus.call<CatalogueReply>(registrySubjects.catalogue, {}, { timeoutMs: 5_000 }))
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
      integrationsFolder: company().folder,
      isFolderApproved: true,
      revealed: [],
      walls: 'process' as const,
      allowedContextTypes: [],
      defaultIsolation: 'fresh' as const,
      nodeEnv: 'production',
    };
    await expect(startRegistry({ settings, bus: company().bus, log, database: database() })).rejects.toThrow(
      'FINGERPOST_ISOLATION',
    );
  });
}
