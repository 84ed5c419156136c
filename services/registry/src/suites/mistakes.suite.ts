import { Fault, runnerSubjects } from '@fingerpost/contracts';
import { integration } from '../testing/company.ts';
import { until } from '../testing/until.ts';
import type { RegistryUnderTest } from './registry-under-test.ts';

/** What authors get wrong costs nobody else anything, and they are told. */
export function mistakesSuite({
  start,
  company,
  answerInspections,
  write,
  remove,
  catalogue,
  serving,
  entry,
}: RegistryUnderTest): void {
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
    // On a busy machine the catalogue opens before it has read them all.
    const refused = await until(async () => {
      const broken = (await catalogue()).entries.filter(({ state }) => state === 'broken');
      return broken.length > 0 && broken;
    });
    expect(refused.map(({ fault }) => fault!.message)).toEqual([expect.stringContaining('5000000 at most')]);
    expect((await serving('service-owner')).integrations[0]!.dataDigest).toBeDefined();
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

  it('waits for a runner rather than blame the author', async () => {
    let refusals = 0;
    const stop = company().bus.answer(runnerSubjects.inspect, 'runner', async () => {
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
}
