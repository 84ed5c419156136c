import type { Fault, Grant } from '@fingerpost/contracts';
import { CANARY } from '../testing/company.ts';
import { integration, runnerUnderTest } from '../testing/runner-under-test.ts';

const { company, grantOf, send } = runnerUnderTest();

describe('what stands for a secret', () => {
  const TOKEN = { hosts: ['api.acme.dev'], methods: ['GET'], pathPrefixes: ['/'], slots: ['header' as const] };
  const KEY = { hosts: [], methods: [], pathPrefixes: [], slots: [], reveal: true };
  const holding = (body: string, isolation: Grant['isolation'] = 'fresh') =>
    grantOf(integration(body), { isolation, secrets: { TOKEN, KEY } });
  const faultOf = (grant: Grant) =>
    send(grant).then(
      () => undefined,
      (fault: Fault) => fault,
    );

  it('is the value itself only where the grant reveals it, asked for anew by each run on a subject of its own', async () => {
    const grant = holding(
      `return { type: 'text', content: secrets.KEY.length + ' ' + /^fp[0-9a-f]{40}$/.test(secrets.TOKEN) }`,
    );
    for (let times = 1; times <= 2; times++) {
      expect((await send(grant)).insights).toMatchObject([{ content: `${CANARY.length} true` }]);
      expect(company().reveals).toHaveLength(times);
    }
    expect(company().reveals[0]).toMatch(/^secrets\.reveal\.[0-9a-f-]{36}$/);
  });

  it('is forgotten with the run, whatever isolation the grant names', async () => {
    const grant = holding(`globalThis.kept ??= 0; return { type: 'text', content: String(++globalThis.kept) }`, 'warm');
    for (let times = 0; times < 3; times++) expect((await send(grant)).insights).toMatchObject([{ content: '1' }]);
  });

  it('is not told to another runner by the same ticket: a run that finds this one full is done again with a new one', async () => {
    const crowd = Array.from({ length: 20 }, (_, n) =>
      send(grantOf(integration(`await new Promise((done) => setTimeout(done, 300)); return [/* ${n} */]`))),
    );
    expect(await faultOf(holding('return []'))).toMatchObject({
      code: 'run.disturbed',
      detail: { isRepeatable: true },
    });
    await Promise.all(crowd);
  });

  it.each([
    ['an answer', `return { type: 'text', content: 'a ' + secrets.KEY }`],
    ['a link', `return { type: 'link', content: 'a', href: 'https://x.dev/?a=' + encodeURIComponent(secrets.KEY) }`],
    ['an answer, in base64', `return { type: 'text', content: btoa('ab' + secrets.KEY) }`],
    ['what a run has looked at', `context[secrets.KEY]; return []`],
    ['an answer, as a placeholder', `return { type: 'text', content: secrets.TOKEN }`],
  ])('cannot stand in %s', async (_where, body) => {
    const fault = await faultOf(holding(body));
    expect(fault).toMatchObject({
      code: 'secret.misplaced',
      message: expect.stringMatching(/placeholder of the secret TOKEN|value of a secret/),
    });
  });

  it('cannot be kept in the cache', async () => {
    for (const what of [`'k', { deep: secrets.KEY }`, `secrets.KEY, 1`, `'k', secrets.TOKEN`])
      expect(await faultOf(holding(`await cache.set(${what}, 60); return []`))).toMatchObject({
        code: 'secret.misplaced',
      });
    expect(await faultOf(holding(`await cache.get(secrets.KEY); return []`))).toMatchObject({
      code: 'secret.misplaced',
    });
    expect((await send(holding(`await cache.set('k', 1, 60); return []`))).insights).toEqual([]);
  });

  it('is taken out of what an error says', async () => {
    const fault = await faultOf(holding(`throw new Error('no luck with ' + secrets.KEY)`));
    expect(fault).toMatchObject({ code: 'run.failed', message: 'Error: no luck with [redacted]' });
    expect(JSON.stringify(fault!.detail)).toContain('[redacted]');
    expect(JSON.stringify([fault!.message, fault!.detail])).not.toContain('revealed');
  });
});
