import { setTimeout as sleep } from 'node:timers/promises';
import { type CheckReply, type SecretsNotice, secretsSubjects } from '@fingerpost/contracts';
import { findServer } from '@fingerpost/platform/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenBao } from '../testing/open-bao.ts';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import type { VaultProxy } from '../testing/vault-proxy.ts';
import { bindTo, grantFor, PLACEHOLDER, World } from '../testing/world.ts';
import { type WorldOnVault, worldOnVault } from '../testing/world-on-vault.ts';

/** As long as what is known counts. */
const FRESH_MS = 5_000;
const program = findServer('bao');

(program === undefined ? describe.skip : describe)('when OpenBao is away', () => {
  let bao: OpenBao;
  let upstream: Upstream;
  let proxy: VaultProxy;
  let world: World;
  let lines: string[];
  let until: WorldOnVault['until'];
  let close: WorldOnVault['close'];
  let notice: SecretsNotice;

  beforeAll(async () => {
    bao = await OpenBao.start(program!);
    upstream = await startUpstream((_hit, response) => void response.end('{}'));
  }, 30_000);
  beforeEach(async () => {
    await bao.put('KEPT_IN_VAULT', 'v1');
    const options = { secrets: { OF_ENVIRONMENT: 'e1' }, allow: [upstream.host] };
    ({ world, proxy, lines, until, close } = await worldOnVault(bao, options));
    world.bus.subscribe(secretsSubjects.revision, (message) => {
      notice = message as SecretsNotice;
    });
    world.announce();
  });
  afterEach(() => close());
  afterAll(async () => {
    await upstream?.close();
    await bao?.stop();
  });

  const use = (name: string) =>
    world.outcome(grantFor([upstream.host], { secrets: { [name]: bindTo([upstream.host]) } }), `${upstream.url}/`, {
      headers: [['authorization', PLACEHOLDER]],
      placeholders: { [PLACEHOLDER]: name },
    });
  const check = (name: string) =>
    world.bus
      .request<CheckReply>(secretsSubjects.check, { names: [name] }, { timeoutMs: 2_000 })
      .then(({ missing }) => (missing.length > 0 ? 'missing' : 'there'))
      .catch(({ code }) => code as string);
  const said = (text: string) => lines.filter((line) => !line.startsWith('debug') && line.includes(text)).length;

  /** The same story, however Vault goes and comes. */
  async function story(go: () => unknown, sentence: RegExp, come: () => unknown) {
    expect(await use('KEPT_IN_VAULT')).toBe('ok');
    await go();
    expect(await use('KEPT_IN_VAULT')).toBe('ok'); // what it said a moment ago counts for a moment
    await until(() => notice.outage !== undefined, 4_000);
    expect(notice.outage).toMatch(sentence);
    await sleep(FRESH_MS);
    const before = proxy.asked.length;
    const startedAt = performance.now();
    expect(new Set(await Promise.all(Array.from({ length: 200 }, () => use('KEPT_IN_VAULT'))))).toEqual(
      new Set(['secret.unavailable']),
    );
    expect(performance.now() - startedAt).toBeLessThan(2_000); // at once: nobody waits for Vault
    expect(proxy.asked.length - before).toBeLessThan(8); // one loop asks, whoever else wants it
    expect(await check('KEPT_IN_VAULT')).toBe('secret.unavailable'); // and not "missing"
    expect([await use('OF_ENVIRONMENT'), await check('OF_ENVIRONMENT')]).toEqual(['ok', 'there']);
    expect(said('cannot be looked at')).toBeLessThan(3); // once, and once more where it fails in another way

    await come();
    const tookMs = await until(async () => (await use('KEPT_IN_VAULT')) === 'ok', 5_000);
    await until(() => notice.outage === undefined, 2_000);
    expect(said('Vault answers again')).toBe(1);
    expect(proxy.count('auth/approle/login')).toBeLessThan(4);
    return tookMs;
  }

  it('sealed: those who need it fail and say why, others go on, and it heals by itself', async () => {
    const tookMs = await story(
      () => bao.seal(),
      /Vault is sealed/,
      () => bao.unseal(),
    );
    expect(tookMs).toBeLessThan(4_000);
  }, 30_000);

  it('killed and started again', async () => {
    await story(
      () => bao.kill(),
      /Vault cannot be reached/,
      async () => {
        await bao.launch();
        await bao.unseal();
      },
    );
  }, 40_000);

  it('stopped in its tracks, with its connections open', async () => {
    await story(
      () => bao.pause(),
      /Vault did not answer within 2 s/,
      () => bao.resume(),
    );
  }, 40_000);

  it('too busy (429)', async () => {
    await story(
      () => (proxy.interfere = () => 429),
      /too much to do \(429\)/,
      () => (proxy.interfere = () => undefined),
    );
  }, 30_000);

  it('denying what it allowed (403): says which path, and heals when the policy does', async () => {
    await story(
      () =>
        bao.send('POST', 'sys/policies/acl/fingerpost-secrets', {
          policy: 'path "auth/token/lookup-self" { capabilities = ["read"] }',
        }),
      /does not allow the secrets service to list secret\/metadata\/fingerpost \(403\); look at its policy/,
      () => bao.applyPolicy('secrets'),
    );
  }, 30_000);

  it('away from the start: the service starts, and has its secrets when Vault comes', async () => {
    await bao.seal();
    const own = await World.start({ secrets: { OF_ENVIRONMENT: 'e1' }, vault: await settingsOfSealed() });
    const missing = (name: string) =>
      own.bus.request<CheckReply>(secretsSubjects.check, { names: [name] }, { timeoutMs: 3_000 }).then(
        (reply) => reply.missing.length,
        ({ code }) => code,
      );
    expect([await missing('OF_ENVIRONMENT'), await missing('KEPT_IN_VAULT')]).toEqual([0, 'secret.unavailable']);
    await bao.unseal();
    await until(async () => (await missing('KEPT_IN_VAULT')) === 0, 5_000);
    expect(await own.bus.request(secretsSubjects.check, { names: ['NOBODY'] }, { timeoutMs: 3_000 })).toMatchObject({
      missing: ['NOBODY'],
      places: ['the field "value" of secret/fingerpost/NOBODY in Vault'],
    });
    await own.close();
  }, 20_000);

  let settingsOfSealed: () => ReturnType<OpenBao['settings']>;
  beforeEach(async () => {
    const settings = await bao.settings();
    settingsOfSealed = async () => settings;
  });
});
