import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Administrator } from '../cluster/administrator.ts';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { expectUnnoticed } from '../cluster/expect-unnoticed.ts';
import { Ground, TOKEN } from '../cluster/ground.ts';
import { Rows } from '../cluster/rows.ts';
import * as engines from './engines.ts';
import { type Credentials, NatsKeys } from './nats.ts';
import { withSettings } from './with-settings.ts';

/** Each rotation of docs/operations/keys.md on a whole cluster, while people ask. */
describeOnCluster('nobody who goes on asking notices', () => {
  let ground: Ground;
  let nats: NatsKeys;
  let administrator: Administrator;
  const rows = new Rows();
  const tell = (settings: NodeJS.ProcessEnv) =>
    ground.cluster.restart(ground.cluster.named('gateway'), withSettings(settings));
  const statusWith = async (token: string) =>
    (await fetch(`${ground.cluster.url}/whoami`, { headers: { authorization: `Bearer ${token}` } })).status;

  beforeAll(async () => {
    ground = await Ground.start({ env: Administrator.env });
    nats = new NatsKeys(ground.cluster);
    administrator = await Administrator.enter(ground.cluster.url);
    await engines.registriesHavePassword(ground.cluster, 'the old one');
  }, 180_000);

  afterAll(async () => {
    await ground?.stop();
    await rows.tell();
  }, 60_000);

  const roles: Credentials[] = ['gateway', 'registry', 'secrets', 'join'];
  const rotations: [what: string, rotate: () => Promise<unknown>][] = [
    ['nothing', () => sleep(2_000)],
    ...roles.map((of): [string, () => Promise<void>] => [
      `NATS: new credentials for \`${of}\``,
      () => nats.newCredentials(of),
    ]),
    ...roles.map((of): [string, () => Promise<void>] => [
      `NATS: a new key for \`${of}\``,
      async () => expect(await nats.newKeyOfRole(of)).toBe(true),
    ]),
    ['NATS: a new key for runners', () => nats.newKeyForRunners()],
    ['NATS: a new operator key', () => nats.newOperator()],
    ['NATS: a certificate by another authority', () => nats.newAuthority()],
    ['Redis: a new password', () => engines.newRedisPassword(ground.cluster)],
    ['Postgres: a new password', () => engines.newPostgresPassword(ground.cluster, 'the new one')],
    ['Vault: a new secret id', () => engines.newSecretId(ground.cluster)],
    ['Vault: a new root key', () => engines.newRoot(ground.cluster)],
    [
      '`FINGERPOST_CACHE_KEY`',
      async () => {
        const [old, key] = [ground.cluster.addresses.cacheKey, randomBytes(32).toString('base64')];
        for (const keys of [`${old},${key}`, `${key},${old}`, key]) await tell({ FINGERPOST_CACHE_KEY: keys });
      },
    ],
    [
      '`FINGERPOST_TOKEN`',
      async () => {
        await tell({ FINGERPOST_TOKEN: `another token of these,${TOKEN}` });
        expect(await statusWith('another token of these')).toBe(200);
        await tell({ FINGERPOST_TOKEN: TOKEN });
        expect(await statusWith('another token of these')).toBe(401);
      },
    ],
    [
      'the break-glass key',
      async () => {
        await tell(Administrator.envOf('another key'));
        await expect(Administrator.enter(ground.cluster.url)).rejects.toThrow('401');
        await Administrator.enter(ground.cluster.url, 'another key');
      },
    ],
  ];

  it.each(rotations)('%s', (what, rotate) => expectUnnoticed(what, rotate, { ground, administrator, rows }), 240_000);
});

/** What cannot be done in turn: everybody's identity on NATS at once. */
describeOnCluster('whoever asks while the account on NATS is replaced', () => {
  it('waits, or is told no, until all of it is there again', async () => {
    const ground = await Ground.start();
    try {
      const seen = await ground.whileAsked(() => new NatsKeys(ground.cluster).newAccount());
      const times = seen.failed.map(({ atMs }) => atMs);
      console.log(
        `${seen.failed.length} of ${seen.asked} failed, in ${Math.round(Math.max(...times) - Math.min(...times))} ms`,
      );
      expect(seen.repeated).toEqual([]);
      await ground.isWhole();
    } finally {
      await ground.stop();
    }
  }, 180_000);
});
