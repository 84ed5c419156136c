import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Administrator } from '../administrator.ts';
import { describeOnCluster } from '../describe-on-cluster.ts';
import { Ground, TOKEN } from '../faults/ground.ts';
import { Rows } from '../rows.ts';
import * as engines from './engines.ts';
import { type Credentials, NatsKeys } from './nats.ts';
import { withSettings } from './with-settings.ts';

const newKey = () => randomBytes(32).toString('base64');

/** Each rotation of docs/operations/keys.md on a whole cluster, while people ask. */
describeOnCluster('nobody who goes on asking notices', () => {
  let ground: Ground;
  let nats: NatsKeys;
  let administrator: Administrator;
  const rows = new Rows();
  const gateways = () => ground.cluster.named('gateway');
  const tell = (settings: NodeJS.ProcessEnv) => ground.cluster.restart(gateways(), withSettings(settings));

  beforeAll(async () => {
    ground = await Ground.start({ env: Administrator.env });
    nats = new NatsKeys(ground.cluster);
    administrator = await Administrator.enter(ground.cluster.url);
  }, 120_000);

  afterAll(async () => {
    await ground?.stop();
    await rows.tell();
  }, 60_000);

  async function unnoticed(what: string, rotate: () => Promise<unknown>): Promise<void> {
    const seen = await ground.during({ breakIt: async () => void (await rotate()), forMs: 0, mendIt: () => {} });
    rows.add(what, seen);
    expect(seen.failed).toEqual([]);
    expect(seen.repeated).toEqual([]);
    await ground.isWhole();
    expect(await administrator.isMet(ground.cluster.url)).toEqual({ session: 200, token: 200 });
  }
  const statusWith = async (token: string) =>
    (await fetch(`${ground.cluster.url}/whoami`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('that nothing happens', () => unnoticed('nothing', () => sleep(2_000)));

  it.each<Credentials>(['gateway', 'registry', 'secrets', 'join'])(
    'new credentials on NATS for %s',
    (of) => unnoticed(`NATS: new credentials for \`${of}\``, () => nats.newCredentials(of)),
    180_000,
  );

  it.each<Credentials>(['gateway', 'registry', 'secrets', 'join'])(
    'a new key on NATS for %s, and the old credentials are refused at its end',
    (of) =>
      unnoticed(`NATS: a new key for \`${of}\``, async () => {
        expect(await nats.newKeyOfRole(of)).toBe(true);
      }),
    180_000,
  );

  it(
    'a new key that admits runners',
    () => unnoticed('NATS: a new key for runners', () => nats.newKeyForRunners()),
    180_000,
  );
  it('a new operator of NATS', () => unnoticed('NATS: a new operator key', () => nats.newOperator()), 180_000);
  it(
    'another authority behind the certificate of NATS',
    () => unnoticed('NATS: a certificate by another authority', () => nats.newAuthority()),
    180_000,
  );

  it(
    'a new password for Redis',
    () => unnoticed('Redis: a new password', () => engines.newRedisPassword(ground.cluster)),
    180_000,
  );

  it('a new password for Postgres', async () => {
    await engines.registriesHavePassword(ground.cluster, 'the old one');
    await unnoticed('Postgres: a new password', () => engines.newPostgresPassword(ground.cluster, 'the new one'));
  }, 180_000);

  it(
    'a new secret id for Vault',
    () => unnoticed('Vault: a new secret id', () => engines.newSecretId(ground.cluster)),
    180_000,
  );
  it(
    'a new root of all signatures',
    () => unnoticed('Vault: a new root key', () => engines.newRoot(ground.cluster)),
    240_000,
  );

  it('a new key to seal with, in three restarts', () => {
    const [old, key] = [ground.cluster.addresses.cacheKey, newKey()];
    return unnoticed('`FINGERPOST_CACHE_KEY`', async () => {
      for (const keys of [`${old},${key}`, `${key},${old}`, key]) await tell({ FINGERPOST_CACHE_KEY: keys });
    });
  }, 180_000);

  it(
    'a new token for everybody',
    () =>
      unnoticed('`FINGERPOST_TOKEN`', async () => {
        await tell({ FINGERPOST_TOKEN: `another,${TOKEN}` });
        expect(await statusWith('another')).toBe(200);
        await tell({ FINGERPOST_TOKEN: TOKEN });
        expect(await statusWith('another')).toBe(401);
      }),
    180_000,
  );

  it(
    'a new key in the safe',
    () =>
      unnoticed('the break-glass key', async () => {
        await tell(Administrator.envOf('another key'));
        await expect(Administrator.enter(ground.cluster.url)).rejects.toThrow('401');
        await Administrator.enter(ground.cluster.url, 'another key');
      }),
    180_000,
  );
});

/** What cannot be done in turn: everybody's identity on NATS at once. */
describeOnCluster('whoever asks while the account on NATS is replaced', () => {
  it('waits, or is told no, until all of it is there again', async () => {
    const ground = await Ground.start();
    try {
      const seen = await ground.during({
        breakIt: () => new NatsKeys(ground.cluster).newAccount(),
        forMs: 0,
        mendIt: () => {},
      });
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
