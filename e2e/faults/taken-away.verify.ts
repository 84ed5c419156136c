import { setTimeout as sleep } from 'node:timers/promises';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { Ground } from '../cluster/ground.ts';
import { integration } from '../product.ts';

const WATCHED_MS = 9_000;
const PROMISED_MS = 5_000;

describeOnCluster('what is taken away while people ask', () => {
  let ground: Ground;
  let lastTold: Map<string, number>;

  beforeAll(async () => {
    ground = await Ground.start();
  }, 120_000);
  afterAll(() => ground?.stop(), 60_000);

  /** Milliseconds from the taking away until each had its last effect. */
  async function lastEffects(take: () => Promise<unknown>): Promise<Record<string, number>> {
    lastTold = new Map();
    const load = ground.load(({ data }) => {
      for (const { content } of data) lastTold.set(content.split(' ')[0]!, performance.now());
      return undefined;
    });
    await sleep(2_000);
    const takenAtMs = performance.now();
    await take();
    await sleep(WATCHED_MS);
    await load.stop();
    const called = [...ground.upstream.lastAskedMs].map(([method, atMs]) => [`call by ${method}`, atMs] as const);
    const effects = [...lastTold, ...called].map(([what, atMs]) => [what, Math.round(atMs - takenAtMs)] as const);
    console.log('last effect after ms:', Object.fromEntries(effects));
    return Object.fromEntries(effects);
  }

  const has = (effects: Record<string, number>, what: string) => effects[what]! > WATCHED_MS - 1_000;

  it('has its last effect within 5 s where Vault says no longer who may use a secret', async () => {
    const allow = (custom_metadata: object) =>
      ground.cluster.engines.vault.send('POST', 'secret/metadata/fingerpost/UPSTREAM_TOKEN', { custom_metadata });
    const effects = await lastEffects(() => allow({ integrations: 'posts' }));
    expect(effects['call by GET']).toBeLessThan(PROMISED_MS + 500); // what Vault said counts for 5 s, then it is asked
    expect(has(effects, 'posts') && has(effects, 'computes')).toBe(true);
    await allow({});
    await ground.isWhole();
  }, 60_000);

  it('has its last effect within 5 s on runs, on calls, and on answers that were kept for an hour', async () => {
    const kept = integration('kept', `return [{ type: 'text', content: 'kept' }];`, `cache: 3600, cacheKey: ['type']`);
    await ground.write('kept.integration.js', kept);
    await sleep(2_000);
    const gone = ['reads', 'posts', 'kept'];
    const effects = await lastEffects(() => Promise.all(gone.map((name) => ground.remove(`${name}.integration.js`))));
    for (const what of [...gone, 'call by GET', 'call by POST']) expect(effects[what]).toBeLessThan(PROMISED_MS);
    expect(has(effects, 'computes')).toBe(true);
  }, 60_000);
});
