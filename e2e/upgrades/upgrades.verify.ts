import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Change, makeIdentities, migrate, REPOSITORY } from '@fingerpost/local';
import { Administrator } from '../cluster/administrator.ts';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { expectUnnoticed } from '../cluster/expect-unnoticed.ts';
import { Ground } from '../cluster/ground.ts';
import { Rows } from '../cluster/rows.ts';
import { buildOf } from './build-of.ts';
import { previousCommit } from './commits.ts';

const ORDER = ['secrets', 'runner', 'registry', 'gateway'] as const;

/** docs/operations/upgrades.md, step by step, from the build of FINGERPOST_UPGRADE_FROM and back to it. */
describeOnCluster('nobody who goes on asking notices when', () => {
  let ground: Ground;
  let earlier: string;
  let administrator: Administrator;
  const rows = new Rows();

  beforeAll(async () => {
    const from = process.env.FINGERPOST_UPGRADE_FROM ?? previousCommit();
    earlier = buildOf(from);
    console.log(`from ${from}, in ${earlier}`);
    ground = await Ground.start({ build: earlier, env: Administrator.env });
    administrator = await Administrator.enter(ground.cluster.url);
  }, 600_000);

  afterAll(async () => {
    await ground?.stop();
    await rows.tell();
  }, 60_000);

  const runs =
    (build: () => string): Change =>
    (program) => ({
      ...program,
      args: program.args.map((file) => join(build(), relative(program.cwd!, file))),
      cwd: build(),
    });
  const permitted = async (build: string) => {
    await makeIdentities(build, join(ground.folder, 'nats'));
    const { nats } = ground.cluster.engines;
    // A release that says anew who the operator is: no server takes that while it runs.
    await nats.reload().catch(() => nats.restart());
  };
  const replaced = (role: (typeof ORDER)[number], build: () => string) =>
    ground.cluster.restart(ground.cluster.named(role), runs(build));

  const steps: [what: string, step: () => Promise<void>][] = [
    ['nothing happens', () => sleep(2_000)],
    ['NATS has the permissions of this release', () => permitted(REPOSITORY)],
    ['the database is migrated', () => migrate(REPOSITORY, ground.cluster.addresses.database.url)],
    ...ORDER.map((role): [string, () => Promise<void>] => [
      `this release: ${role}`,
      () => replaced(role, () => REPOSITORY),
    ]),
    ...ORDER.toReversed().map((role): [string, () => Promise<void>] => [
      `back again: ${role}`,
      () => replaced(role, () => earlier),
    ]),
    ['NATS has the permissions of the release before', () => permitted(earlier)],
  ];

  it.each(steps)('%s', (what, step) => expectUnnoticed(what, step, { ground, administrator, rows }), 180_000);
});
