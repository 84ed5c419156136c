import { setTimeout as sleep } from 'node:timers/promises';
import { findPostgres, findServer, type RealPostgres, startPostgres } from '@fingerpost/platform/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenBao } from '../testing/open-bao.ts';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import type { VaultProxy } from '../testing/vault-proxy.ts';
import { bindTo, grantFor, type World } from '../testing/world.ts';
import { type WorldOnVault, worldOnVault } from '../testing/world-on-vault.ts';

const [USER, PASSWORD] = ['fpuser0123456789abcdefghijkl', 'fppass0123456789abcdefghijkl'];
const PLACEHOLDERS = { [USER]: 'DB_USER', [PASSWORD]: 'DB_PASSWORD' };
const [program, postgres] = [findServer('bao'), findPostgres()];

(program === undefined || postgres === undefined ? describe.skip : describe)(
  'secrets that are made for one run',
  () => {
    let bao: OpenBao;
    let database: RealPostgres;
    let upstream: Upstream;
    let proxy: VaultProxy;
    let world: World;
    let lines: string[];
    let until: WorldOnVault['until'];
    let close: WorldOnVault['close'];
    const seen: { user: string; password: string }[] = [];

    beforeAll(async () => {
      [bao, database] = await Promise.all([OpenBao.start(program!), startPostgres(postgres!)]);
      await bao.send('POST', 'sys/mounts/database', { type: 'database' });
      await bao.send('POST', 'database/config/shop', {
        plugin_name: 'postgresql-database-plugin',
        allowed_roles: 'readonly',
        username: 'owner',
        password: 'x',
        connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${database.port}/postgres?sslmode=disable`,
      });
      await bao.send('POST', 'database/roles/readonly', {
        db_name: 'shop',
        default_ttl: '10m',
        max_ttl: '1h',
        creation_statements: [`CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`],
      });
      for (const [name, field] of [
        ['DB_USER', 'username'],
        ['DB_PASSWORD', 'password'],
      ] as const)
        await bao.bind(name, { dynamic: 'database/creds/readonly', field });
      upstream = await startUpstream(({ headers }, response) => {
        seen.push({ user: String(headers['x-user']), password: String(headers['x-password']) });
        response.end('{}');
      });
    }, 60_000);
    beforeEach(async () => {
      seen.length = 0;
      ({ world, proxy, lines, until, close } = await worldOnVault(bao, { secrets: {}, allow: [upstream.host] }));
      world.announce();
    });
    afterEach(() => close());
    afterAll(async () => {
      await upstream?.close();
      await bao?.stop();
      await database?.stop();
    });

    const grant = () =>
      grantFor([upstream.host], {
        secrets: { DB_USER: bindTo([upstream.host]), DB_PASSWORD: bindTo([upstream.host]) },
      });
    const headers: [string, string][] = [
      ['x-user', USER],
      ['x-password', PASSWORD],
    ];
    const call = async (jti: string, change: object = {}) =>
      world.call(await world.papers(grant(), { jti, ...change }), `${upstream.url}/`, {
        headers,
        placeholders: PLACEHOLDERS,
      });
    const users = () => database.run(`select count(*) from pg_roles where rolname like 'v-%'`).trim();
    const leases = async () => {
      const found = await bao
        .send('LIST', 'sys/leases/lookup/database/creds/readonly')
        .catch(() => ({ data: { keys: [] } }));
      return (found.data as { keys: string[] }).keys.length;
    };

    it('fit each other, serve all its calls, and are gone when its runner says that it is over', async () => {
      for (let times = 0; times < 3; times++) await call('one');
      expect(new Set(seen.map(({ user, password }) => `${user} ${password}`)).size).toBe(1);
      expect([await leases(), users()]).toEqual([1, '1']);
      world.endRun('one');
      await until(async () => (await leases()) === 0);
      expect(users()).toBe('0');
      await expect(call('one')).rejects.toMatchObject({ code: 'ticket.spent' });
    });

    it('are other ones for another run, and nobody but its own runner ends them', async () => {
      await Promise.all(['a', 'b', 'c'].map((jti) => call(jti)));
      expect(new Set(seen.map(({ user }) => user)).size).toBe(3);
      world.endRun('a', 'r2');
      await sleep(200);
      expect(await leases()).toBe(3);
      for (const jti of ['a', 'b', 'c']) world.endRun(jti);
      await until(async () => (await leases()) === 0);
    });

    it('are gone when the ticket’s time is up, though no runner says anything', async () => {
      await call('lost', { expiresAt: Date.now() - 149_000 }); // clocks may differ by 150 s
      expect(await leases()).toBe(1);
      await until(async () => (await leases()) === 0);
    });

    it('are gone when the service stops, with the token that asked for them', async () => {
      await call('last');
      expect(await leases()).toBe(1);
      await world.service.close();
      expect([await leases(), users()]).toEqual([0, '0']);
      expect(proxy.count('auth/token/revoke-self')).toBe(1);
    });

    it('are taken back as soon as that works, when it does not at first', async () => {
      let refusals = 0;
      proxy.interfere = ({ path }) => (path.includes('leases/revoke') && refusals++ < 2 ? 503 : undefined);
      await call('stubborn');
      world.endRun('stubborn');
      await until(async () => (await leases()) === 0);
      expect(refusals).toBe(3);
      expect(lines.filter((line) => line.includes('not taken back yet'))).toHaveLength(1);
    });

    it('that are made when the run is over already are taken back at once', async () => {
      const calling = call('gone').catch(() => {});
      await until(() => proxy.count('database/creds') === 1);
      world.endRun('gone');
      await calling;
      await until(async () => (await leases()) === 0);
    });

    it('stay good for the run that has them while Vault is away', async () => {
      await call('long');
      proxy.interfere = () => 503;
      await sleep(6_500);
      await call('long');
      await expect(call('new')).rejects.toMatchObject({ code: 'secret.unavailable' });
      proxy.interfere = () => undefined;
      await until(
        async () =>
          await call('new').then(
            () => true,
            () => false,
          ),
      );
      for (const jti of ['long', 'new']) world.endRun(jti);
      await until(async () => (await leases()) === 0);
    }, 20_000);

    it('are never asked for to see whether they are there', async () => {
      const reply = await world.bus.request('secrets.check', { names: ['DB_USER', 'NOTHING'] }, { timeoutMs: 2_000 });
      expect(reply).toMatchObject({ missing: ['NOTHING'] });
      expect(await leases()).toBe(0);
    });

    it.each([
      ['our own token', 'auth/token/lookup-self', 'id'],
      ['a secret of the KV store', 'secret/data/fingerpost/KEY', 'value'],
      ['another mount', 'cubbyhole/x', 'y'],
    ])('are never %s, whatever metadata names', async (_what, dynamic, field) => {
      await bao.bind('DB_USER', { dynamic, field });
      await sleep(2_000);
      await expect(call('thief')).rejects.toMatchObject({
        code: 'secret.not_found',
        message: expect.stringContaining('FINGERPOST_VAULT_DYNAMIC'),
      });
      expect(proxy.asked.filter(({ path }) => path === `/v1/${dynamic}`)).toEqual([]);
      await bao.bind('DB_USER', { dynamic: 'database/creds/readonly', field: 'username' });
    });
  },
);
