import { type MatchReply } from '@fingerpost/contracts';
import { integration } from '../testing/company.ts';
import { until } from '../testing/until.ts';
import type { RegistryUnderTest } from './registry-under-test.ts';

/** What is in force stays so over restarts; what changed meanwhile is taken in. */
export function restartsSuite({
  start,
  stop,
  company,
  notices,
  answerInspections,
  write,
  remove,
  verify,
  match,
  catalogue,
  serving,
  entry,
}: RegistryUnderTest): void {
  it('says nothing and answers no match before its first load is done', async () => {
    await write('a.integration.js', integration('first-name'));
    await start(); // and there is no runner to inspect the file
    const early = match();
    await expect(Promise.race([early, new Promise((resolve) => setTimeout(resolve, 500, 'waits'))])).resolves.toBe(
      'waits',
    );
    expect(notices()).toEqual([]);

    answerInspections();
    expect((await early).integrations.map(({ name }) => name)).toEqual(['first-name']);
    await until(() => notices().length > 0);
  });

  it('keeps in force what it has when it starts and there is no folder', async () => {
    answerInspections();
    await write('a.integration.js', integration('service-owner'));
    await start();
    const before = await serving('service-owner');
    await stop();
    await start({ integrationsFolder: `${company().folder}/missing` });
    const after = await serving('service-owner');
    expect(after.integrations[0]!.grantRevision).toBe(before.integrations[0]!.grantRevision);
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
    await stop();

    company().inspected.length = 0;
    await remove('gone.integration.js');
    await start();
    const after = await serving('chat-channel', 'service-owner');
    expect(company().inspected).toEqual([]);
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
    await stop();
    await write('a.js', integration('service-owner', '', 'another'));
    company().inspected.length = 0;
    await start({ isFolderApproved: false });
    const after = (await serving('chat-channel', 'service-owner')).integrations;
    expect(company().inspected).toHaveLength(1);
    expect(after[0]!.grantRevision).toBeGreaterThan(chat!.grantRevision);
    expect(await verify('grant', after[0]!.grant)).toMatchObject({ isApproved: false });
  });

  it('leaves a name with who had it first, over restarts too', async () => {
    answerInspections();
    await write('b.integration.js', integration('service-owner', '', 'b'));
    await start();
    const [first] = (await serving('service-owner')).integrations;
    await stop();
    await write('a.integration.js', integration('service-owner', '', 'a'));
    await start();
    await entry('a.integration.js', 'broken');
    expect((await match()).integrations[0]!.digest).toBe(first!.digest);
  });
}
