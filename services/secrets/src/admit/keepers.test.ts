import { setTimeout as sleep } from 'node:timers/promises';
import { type RunUse, secretsSubjects } from '@fingerpost/contracts';
import { LocalExchange, type Wire, WireBus } from '@fingerpost/platform';
import { Keepers } from './keepers.ts';
import { RunTally } from './run-tally.ts';

const MOST_CALLS = 10;
const use = (jti: string, change: Partial<RunUse> = {}): RunUse => ({
  ...{ jti, runnerId: 'r1', calls: 1, bytes: 0, mostCalls: MOST_CALLS, mostBytes: 100, forgetAt: Date.now() + 60_000 },
  ...change,
});

describe('several secrets services', () => {
  let exchange: LocalExchange;
  const open: { keepers: Keepers; bus: WireBus }[] = [];

  beforeEach(() => {
    exchange = new LocalExchange();
  });

  afterEach(async () => {
    for (const { keepers, bus } of open.splice(0)) {
      keepers.leave();
      await bus.drain();
    }
  });

  function start(): { keepers: Keepers; bus: WireBus } {
    const bus = new WireBus(exchange.connect(), { error: () => {} });
    const one = { keepers: new Keepers(bus, new RunTally()), bus };
    one.keepers.start();
    open.push(one);
    return one;
  }

  async function startAll(count: number): Promise<Keepers[]> {
    const all = Array.from({ length: count }, () => start().keepers);
    await sleep(20);
    return all;
  }

  const endsOf = (uses: Promise<void>[]) =>
    Promise.all(
      uses.map((counting) =>
        counting.then(
          () => 'counted',
          ({ code }) => code as string,
        ),
      ),
    );

  it('count each run together, however its calls are spread over them', async () => {
    const all = await startAll(3);
    for (let run = 0; run < 20; run++) {
      const uses = Array.from({ length: 3 * MOST_CALLS }, (_, n) => all[n % 3]!.count(use(`run-${run}`)));
      const ends = await endsOf(uses);
      expect(ends.filter((end) => end === 'counted')).toHaveLength(MOST_CALLS);
    }
  });

  it('give a ticket to one runner, though two use it at the same moment elsewhere', async () => {
    const all = await startAll(2);
    for (let run = 0; run < 20; run++) {
      const uses = all.map((keepers, n) => keepers.count(use(`run-${run}`, { runnerId: `r${n}` })));
      expect((await endsOf(uses)).sort()).toEqual(['counted', 'ticket.invalid']);
    }
  });

  it('share the work', async () => {
    const [one] = await startAll(2);
    let asked = 0;
    const listener = new WireBus(exchange.connect(), { error: () => {} });
    listener.answer(secretsSubjects.anyAccount, 'listeners', async () => void asked++);
    for (let run = 0; run < 200; run++) await one!.count(use(`run-${run}`));
    expect(asked).toBeGreaterThan(50);
    expect(asked).toBeLessThan(150);
    await listener.drain();
  });

  it('go on when one of them leaves, and when one is gone without a word', async () => {
    const [one] = await startAll(1);
    const [leaves, dies] = [start(), start()];
    await sleep(20);
    leaves.keepers.leave();
    await dies.bus.drain();
    const uses = Array.from({ length: 50 }, (_, run) => one!.count(use(`run-${run}`)));
    expect(new Set(await endsOf(uses))).toEqual(new Set(['counted']));
  });

  /** One who says once that it is there, and then does that with each question: frames as the wire has them. */
  async function startOdd(id: string, answer: (wire: Wire, reply: string, times: number) => void): Promise<void> {
    const wire = exchange.connect();
    let times = 0;
    const queue = 'secrets';
    wire.subscribe(secretsSubjects.account(id), (_frame, _subject, reply) => answer(wire, reply!, ++times), { queue });
    wire.publish(secretsSubjects.keeper, { headers: { 'fp-kind': 'event' }, payload: Buffer.from(`{"id":"${id}"}`) });
    await sleep(20);
  }

  const lastFrame = (sent: string) => ({ headers: { 'fp-kind': 'last', 'fp-sent': sent }, payload: Buffer.from('{}') });

  it('ask a keeper again whose answer was lost on its way', async () => {
    const [one] = await startAll(1);
    let asked = 0;
    await startOdd('leaky', (wire, reply, times) => {
      asked = times;
      wire.publish(reply, lastFrame(times <= 3 ? '9' : '0')); // of its first answers something is missing
    });
    const uses = Array.from({ length: 10 }, (_, run) => one!.count(use(`run-${run}`)));
    expect(new Set(await endsOf(uses))).toEqual(new Set(['counted']));
    expect(asked).toBeGreaterThan(1);
  });

  it('go on without one that is cut off and neither answers nor says that it is there', async () => {
    const [one] = await startAll(1);
    await startOdd('mute', () => {});
    const uses = Array.from({ length: 10 }, (_, run) => one!.count(use(`run-${run}`)));
    expect(new Set(await endsOf(uses))).toEqual(new Set(['counted']));
  });

  it('make no call that its keeper does not count', async () => {
    const [one] = await startAll(1);
    const bus = new WireBus(exchange.connect(), { error: () => {} });
    bus.answer(secretsSubjects.account('stuck'), 'secrets', () => sleep(60_000, undefined, { ref: false }));
    bus.publish(secretsSubjects.keeper, { id: 'stuck' });
    await sleep(20);
    const uses = Array.from({ length: 10 }, (_, run) => one!.count(use(`run-${run}`)));
    expect(new Set(await endsOf(uses))).toEqual(new Set(['counted', 'bus.timed_out']));
    await sleep(1_500);
    expect(new Set(await endsOf([one!.count(use('later'))]))).toEqual(new Set(['counted'])); // it has gone silent
  });
});
