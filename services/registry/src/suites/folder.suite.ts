import { registrySubjects } from '@fingerpost/contracts';
import { integration } from '../testing/company.ts';
import { until } from '../testing/until.ts';
import type { RegistryUnderTest } from './registry-under-test.ts';

/** What authors drop, change and remove. */
export function folderSuite({
  start,
  company,
  answerInspections,
  write,
  remove,
  bytes,
  verify,
  match,
  serving,
  entry,
}: RegistryUnderTest): void {
  it('opens empty where there is no folder', async () => {
    await start({ integrationsFolder: `${company().folder}/missing` });
    expect((await match()).integrations).toEqual([]);
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
      JSON.parse(JSON.stringify(await verify('grant-list', await bytes(registrySubjects.grants, {})))),
    ).toMatchObject({ revisions: {} });
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
    expect(company().inspected).toHaveLength(1);
  });

  it('rebuilds what includes a changed file, and nothing else', async () => {
    answerInspections();
    await write('a.integration.js', "module.exports = require('./lib/a.js')");
    await write('lib/a.js', integration('service-owner'));
    await write('b.integration.js', integration('chat-channel'));
    await start();
    await serving('chat-channel', 'service-owner');
    company().inspected.length = 0;
    await write('lib/a.js', integration('service-tier'));
    await serving('chat-channel', 'service-tier');
    expect(company().inspected).toHaveLength(1);
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
}
