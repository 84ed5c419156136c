import { freePort } from '@fingerpost/platform/testing';
import { Administrator } from '../cluster/administrator.ts';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { expectUnnoticed } from '../cluster/expect-unnoticed.ts';
import { Ground } from '../cluster/ground.ts';
import { Rows } from '../cluster/rows.ts';
import { Company } from './company.ts';
import { NatsKeys } from './nats.ts';
import { type At, prepare, ROTATIONS, WITH_A_GAP } from './rotations.ts';

/** Each rotation of docs/operations/keys.md on a whole cluster, while people ask. */
describeOnCluster('nobody who goes on asking notices', () => {
  let ground: Ground;
  let company: Company;
  let administrator: Administrator;
  let at: At;
  const rows = new Rows();

  beforeAll(async () => {
    const port = await freePort();
    company = await Company.start(port);
    ground = await Ground.start({ port, env: { ...Administrator.env, ...company.env } });
    administrator = await Administrator.enter(ground.cluster.url);
    at = await prepare(ground.cluster, company);
  }, 300_000);

  afterAll(async () => {
    await ground?.stop();
    await company?.close();
    await rows.tell();
  }, 60_000);

  it.each(ROTATIONS)(
    '%s',
    (what, rotate) => expectUnnoticed(what, () => rotate(at), { ground, administrator, rows }),
    600_000,
  );
});

describeOnCluster(WITH_A_GAP, () => {
  it('makes people wait, or tells them no, until all of it is there again', async () => {
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
