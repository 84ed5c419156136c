import { setTimeout as sleep } from 'node:timers/promises';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { type Break, Ground } from '../cluster/ground.ts';
import type { Asked } from '../cluster/load.ts';
import { Rows, unexpected } from '../cluster/rows.ts';
import { CutOff } from './cut-off.ts';
import { FullDisk } from './full-disk.ts';
import { killSandboxOf } from './kill-sandbox.ts';
import { OtherClock } from './other-clock.ts';
import { SlowWay } from './slow-way.ts';

/** A run that had POSTed may not be done again: what breaks under it fails it, by design. */
const posted = ({ wrong }: Asked) => /^failed: posts /.test(wrong!);
const needsSecrets = ({ wrong }: Asked) => /^failed: (reads|posts|reads,posts) /.test(wrong!);
/** A connection that breaks takes with it what was on its way. */
const onTheConnection = ({ wrong }: Asked) => /fetch failed|other side closed|ECONNRESET|terminated/.test(wrong!);
const nothing = () => false;

describeOnCluster('people who go on asking while', () => {
  let ground: Ground;
  const cutOff = new CutOff();
  const slowWay = new SlowWay();
  const fullDisk = new FullDisk();
  const otherClock = new OtherClock();
  const rows = new Rows();

  beforeAll(async () => {
    cutOff.open();
    await slowWay.open();
    fullDisk.open();
    ground = await Ground.start({
      natsAddress: cutOff.address,
      adapt: (name, given) => {
        const program = name.endsWith('-2') ? otherClock.giveTo(given) : given;
        if (name === 'runner-3') return cutOff.putInside(program);
        if (name.startsWith('gateway')) return slowWay.putBefore(program, 'REDIS_URL');
        return name.startsWith('registry') ? fullDisk.putUnder(program) : program;
      },
    });
  }, 120_000);

  afterAll(async () => {
    await ground?.stop();
    cutOff.close();
    slowWay.close();
    fullDisk.close();
    otherClock.close();
    await rows.tell();
  }, 60_000);

  const { service, engine } = {
    service: (name: string) => ground.cluster.service(name),
    engine: (name: 'nats' | 'redis') => ground.cluster.engines[name],
  };
  const again = (name: string) => ({
    breakIt: () => service(name).signal('SIGKILL'),
    mendIt: async () => {
      await service(name).ended;
      service(name).startAgain();
    },
  });
  const away = (name: 'nats' | 'redis') => ({
    breakIt: async () => void (await engine(name).child.stop()),
    mendIt: () => engine(name).startAgain(),
  });

  const cases: [name: string, fault: Break, mayFail: (asked: Asked) => boolean][] = [
    ['nothing breaks', { breakIt: () => {}, forMs: 1_000 }, nothing],
    ['one of three runners is killed', { ...again('runner-2'), forMs: 2_000 }, posted],
    [
      'a sandbox process is killed, five times',
      {
        breakIt: async () => {
          for (let times = 0; times < 5; times++, await sleep(400)) killSandboxOf(service('runner-1').pid);
        },
      },
      posted,
    ],
    ['one of two gateways is killed', { ...again('gateway-1'), forMs: 2_000 }, onTheConnection],
    ['a registry is killed', { ...again('registry-1'), forMs: 4_000 }, nothing],
    ['the other registry is killed', { ...again('registry-2'), forMs: 4_000 }, nothing],
    ['NATS restarts', { ...away('nats'), forMs: 500 }, posted],
    ['Redis is away', { ...away('redis'), forMs: 4_000 }, nothing],
    [
      'Redis answers in 2 s',
      { breakIt: () => slowWay.delay(2_000), forMs: 6_000, mendIt: () => slowWay.delay(0) },
      nothing,
    ],
    [
      'Postgres restarts',
      {
        breakIt: () => ground.cluster.engines.postgres.restart('fast', () => sleep(3_000)),
      },
      nothing,
    ],
    [
      'Vault is sealed',
      {
        breakIt: () => ground.cluster.engines.vault.seal(),
        forMs: 10_000,
        mendIt: () => ground.cluster.engines.vault.unseal(),
      },
      needsSecrets,
    ],
    [
      'a runner is cut off from NATS',
      { breakIt: () => cutOff.cut(), forMs: 6_000, mendIt: () => cutOff.mend() },
      posted,
    ],
    [
      'the registry’s disk is full',
      {
        breakIt: async () => {
          fullDisk.fill();
          await ground.write('late.integration.js', 'module.exports = {};');
        },
        forMs: 4_000,
        mendIt: () => fullDisk.empty(),
      },
      nothing,
    ],
    [
      'one clock of two is put two minutes forward',
      { breakIt: () => otherClock.putForward(120), forMs: 12_000, mendIt: () => otherClock.putForward(0) },
      nothing,
    ],
    ['everything restarts, one process after another', { breakIt: () => ground.cluster.restart() }, onTheConnection],
  ];

  it.each(cases)(
    '%s',
    async (name, fault, mayFail) => {
      const seen = await ground.during(fault);
      rows.add(name, seen, mayFail);
      expect(unexpected(seen, mayFail)).toEqual([]);
      expect(seen.repeated).toEqual([]);
      await ground.isWhole();
    },
    180_000,
  );
}, ['faketime']);
