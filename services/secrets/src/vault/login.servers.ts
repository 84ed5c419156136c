import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Secret } from '@fingerpost/platform';
import { findServer } from '@fingerpost/platform/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { linesOfLog } from '../testing/lines-of-log.ts';
import { OpenBao } from '../testing/open-bao.ts';
import { VaultProxy } from '../testing/vault-proxy.ts';
import { openVault } from './open-vault.ts';
import type { VaultAuth } from './vault-settings.ts';

const WHO = ['GET', 'auth/token/lookup-self'] as const;
const program = findServer('bao');

(program === undefined ? describe.skip : describe)('the login at OpenBao', () => {
  let bao: OpenBao;
  let proxy: VaultProxy;
  let folder: string;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    bao = await OpenBao.start(program!);
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-login-'));
  }, 30_000);
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    await bao.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(auth: VaultAuth) {
    proxy = await VaultProxy.before(bao);
    const { log, lines } = linesOfLog();
    const settings = await bao.settings({ auth, address: { url: proxy.url } });
    const session = openVault(settings, log);
    closing.push(
      () => session.close(),
      () => proxy.close(),
    );
    const ask = async () => (await session.ask(...WHO)).data as { id: string; accessor: string };
    return { session, ask, lines };
  }

  const appRole = async (change: Partial<Extract<VaultAuth, { by: 'approle' }>> = {}): Promise<VaultAuth> => ({
    by: 'approle',
    mount: 'approle',
    roleId: await bao.roleId(),
    isWrapped: false,
    secretId: new Secret(await bao.secretId()),
    ...change,
  });
  const revoke = (accessor: string) => bao.send('POST', 'auth/token/revoke-accessor', { accessor });
  const newToken = async (options: object) => {
    const { auth } = await bao.send('POST', 'auth/token/create', options);
    return (auth as { client_token: string }).client_token;
  };
  const wrappedSecretId = async () => {
    const answer = await fetch(`${bao.url}/v1/auth/approle/role/fingerpost-secrets/secret-id`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-vault-token': bao.rootToken, 'x-vault-wrap-ttl': '60s' },
    });
    return new Secret(((await answer.json()) as { wrap_info: { token: string } }).wrap_info.token);
  };

  describe('by AppRole', () => {
    it('happens once, however many ask, and its token is taken back at the end', async () => {
      const { session, ask } = await open(await appRole());
      const answers = await Promise.all(Array.from({ length: 200 }, ask));
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(proxy.count('auth/approle/login')).toBe(1);
      await session.close();
      await expect(
        bao.send('POST', 'auth/token/lookup-accessor', { accessor: answers[0]!.accessor }),
      ).rejects.toThrow();
    });

    it('is made again when the token was revoked, once for all who noticed', async () => {
      const { ask, lines } = await open(await appRole());
      const { id, accessor } = await ask();
      await revoke(accessor);
      const answers = await Promise.all(Array.from({ length: 100 }, ask));
      expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
      expect(answers[0]!.id).not.toBe(id);
      expect(proxy.count('auth/approle/login')).toBe(2);
      expect(lines.filter((line) => line.includes('logging in again'))).toHaveLength(1);
    });

    it('is not made again for what the policy denies', async () => {
      const { session, ask } = await open(await appRole());
      await ask();
      for (let times = 0; times < 5; times++)
        await expect(session.ask('GET', 'secret/data/others/KEY')).rejects.toMatchObject({
          code: 'secret.unavailable',
          message: expect.stringContaining('to read secret/data/others/KEY (403); look at its policy'),
        });
      expect(proxy.count('auth/approle/login')).toBe(1);
    });

    it('that is refused says so, and does not knock at the door all the time', async () => {
      const { ask } = await open(await appRole({ secretId: new Secret('wrong') }));
      for (let times = 0; times < 50; times++)
        await expect(ask()).rejects.toMatchObject({
          code: 'secret.unavailable',
          message: expect.stringMatching(/does not let the secrets service in by AppRole .* look at the role’s id/),
        });
      expect(proxy.count('auth/approle/login')).toBeLessThan(4);
    });

    it('is renewed on its own clock and never by whoever reads, and made anew when renewing gives no whole lease', async () => {
      const role = { token_ttl: '2s', token_max_ttl: '5s' };
      await bao.send('POST', 'auth/approle/role/fingerpost-secrets', role);
      const { ask, lines } = await open(await appRole());
      const ids = new Set<string>();
      const until = performance.now() + 9_000;
      while (performance.now() < until) {
        ids.add((await ask()).id);
        await sleep(20);
      }
      await bao.send('POST', 'auth/approle/role/fingerpost-secrets', { token_ttl: '1h', token_max_ttl: '24h' });
      expect(ids.size).toBeGreaterThan(1);
      expect(ids.size).toBeLessThan(5);
      expect(proxy.count('auth/token/renew-self')).toBeGreaterThan(2);
      expect(proxy.count('auth/token/renew-self')).toBeLessThan(9);
      expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([]); // nobody has noticed anything
    }, 20_000);
  });

  describe('by a wrapped secret id', () => {
    it('unwraps it once, and logs in again with what was in it', async () => {
      const { ask } = await open(await appRole({ isWrapped: true, secretId: await wrappedSecretId() }));
      await revoke((await ask()).accessor);
      await ask();
      expect(proxy.count('sys/wrapping/unwrap')).toBe(1);
      expect(proxy.count('auth/approle/login')).toBe(2);
    });

    it('says loudly that somebody else has unwrapped it', async () => {
      const secretId = await wrappedSecretId();
      await bao.send('POST', 'sys/wrapping/unwrap', {}, secretId.reveal()); // the thief
      const { ask, lines } = await open(await appRole({ isWrapped: true, secretId }));
      await expect(ask()).rejects.toMatchObject({ code: 'secret.unavailable' });
      const loud = lines.find((line) => line.startsWith('error'));
      expect(loud).toMatch(/was used before.*SOMEBODY ELSE HAS UNWRAPPED IT/);
      expect(lines.join()).not.toContain(secretId.reveal());
    });

    it('takes none that wraps something else, put there in its place', async () => {
      const answer = await fetch(`${bao.url}/v1/sys/wrapping/wrap`, {
        method: 'POST',
        body: '{"secret_id":"of the thief"}',
        headers: { 'x-vault-token': bao.rootToken, 'x-vault-wrap-ttl': '60s' },
      });
      const { wrap_info } = (await answer.json()) as { wrap_info: { token: string } };
      const { ask, lines } = await open(await appRole({ isWrapped: true, secretId: new Secret(wrap_info.token) }));
      await expect(ask()).rejects.toMatchObject({ code: 'secret.unavailable' });
      expect(lines.join()).toContain('was made by sys/wrapping/wrap');
      expect(proxy.count('sys/wrapping/unwrap')).toBe(0);
    });
  });

  describe('by token', () => {
    it('leaves the token alone at the end: it is not ours', async () => {
      const token = await newToken({ policies: ['fingerpost-secrets'] });
      const { session, ask } = await open({ by: 'token', token: new Secret(token) });
      await ask();
      await session.close();
      await expect(bao.send('GET', WHO[1], undefined, token)).resolves.toBeDefined();
    });

    it('reads its file anew, where an agent keeps it, when the old one is revoked', async () => {
      const file = join(folder, 'token');
      await writeFile(file, `${await newToken({ policies: ['fingerpost-secrets'] })}\n`);
      const { ask } = await open({ by: 'token', token: { file } });
      const { id, accessor } = await ask();
      await revoke(accessor);
      await writeFile(file, await newToken({ policies: ['fingerpost-secrets'] }));
      expect((await ask()).id).not.toBe(id);
    });

    it('says what to do when there is nothing in its place', async () => {
      const token = await newToken({ policies: ['fingerpost-secrets'] });
      const { ask, lines } = await open({ by: 'token', token: new Secret(token) });
      await revoke((await ask()).accessor);
      await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('VAULT_TOKEN_FILE') });
      expect(lines.join()).not.toContain(token);
    });
  });

  describe('by a service account', () => {
    const cluster = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwtOf = (claims: object) => {
      const text = [{ alg: 'ES256', typ: 'JWT' }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const key = { key: cluster.privateKey, dsaEncoding: 'ieee-p1363' as const };
      return `${text}.${createSign('SHA256').update(text).sign(key).toString('base64url')}`;
    };
    const serviceAccount = (name: string, seconds = 600) =>
      jwtOf({
        iss: 'https://cluster',
        aud: 'vault',
        sub: `system:serviceaccount:fingerpost:${name}`,
        iat: Math.floor(Date.now() / 1_000),
        exp: Math.floor(Date.now() / 1_000) + seconds,
      });

    // OpenBao's `jwt` method judges the same tokens as its `kubernetes` one, and needs no cluster to ask.
    beforeAll(async () => {
      await bao.send('POST', 'sys/auth/cluster', { type: 'jwt' });
      await bao.send('POST', 'auth/cluster/config', {
        jwt_validation_pubkeys: [cluster.publicKey.export({ type: 'spki', format: 'pem' })],
        bound_issuer: 'https://cluster',
      });
      await bao.send('POST', 'auth/cluster/role/fingerpost-secrets', {
        role_type: 'jwt',
        user_claim: 'sub',
        bound_audiences: ['vault'],
        bound_subject: 'system:serviceaccount:fingerpost:secrets',
        token_policies: ['fingerpost-secrets'],
      });
    });
    const auth = (jwtFile: string): VaultAuth => ({
      by: 'kubernetes',
      mount: 'cluster',
      role: 'fingerpost-secrets',
      jwtFile,
    });

    it('reads the token’s file anew at each login: the cluster replaces it', async () => {
      const file = join(folder, 'jwt');
      await writeFile(file, serviceAccount('secrets'));
      const { ask } = await open(auth(file));
      await revoke((await ask()).accessor);
      const next = serviceAccount('secrets', 700);
      await writeFile(file, next);
      await ask();
      const logins = proxy.asked.filter(({ path }) => path.endsWith('/login'));
      expect(logins).toHaveLength(2);
      expect(JSON.parse(logins[1]!.body)).toEqual({ role: 'fingerpost-secrets', jwt: next });
    });

    it('lets no other account in, and says which role to look at', async () => {
      const file = join(folder, 'another');
      await writeFile(file, serviceAccount('runner'));
      const { ask } = await open(auth(file));
      await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('role "fingerpost-secrets"') });
    });

    it('names the file that is not there', async () => {
      const { ask } = await open(auth(join(folder, 'nowhere')));
      await expect(ask()).rejects.toMatchObject({
        message: 'FINGERPOST_VAULT_JWT: cannot read the file for the login at Vault (ENOENT).',
      });
    });
  });

  it('keeps its token out of whatever is shown or thrown', async () => {
    const { session, ask, lines } = await open(await appRole());
    const { id } = await ask();
    const denied = await session.ask('GET', 'sys/mounts').catch((error: unknown) => error);
    proxy.interfere = () => 500;
    const broken = await session.ask('GET', 'sys/mounts').catch((error: unknown) => error);
    proxy.interfere = () => undefined;
    const shown = [session, denied, broken, lines]
      .map((thing) => inspect(thing, { depth: 20, showHidden: true }))
      .join();
    for (const form of [id, createHash('sha256').update(id).digest('hex')]) expect(shown).not.toContain(form);
  });
});
