import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithCompose } from './describe-with-compose.ts';
import { Askers } from './src/testing/askers.ts';
import { cpuOf, describeCpu } from './src/testing/cpu.ts';
import { type Ground, prepareGround, wrongWith } from './src/testing/ground.ts';
import { wrongs } from './src/testing/while-asked.ts';

const EACH = 20;
const UPSTREAM_MS = 500;
const SETTLE_MS = 4_000;
const MEASURE_MS = 10_000;
/** With less of its cores idle it is the machine that is measured. */
const LEAST_IDLE = 0.1;
const SERVICES = ['edge', 'gateway', 'registry', 'runner', 'secrets', 'nats', 'redis', 'openbao'];

describeWithCompose('docker-compose up --scale', () => {
  let ground: Ground;
  const rates = new Map<number, number>();

  beforeAll(async () => {
    ground = await prepareGround(UPSTREAM_MS);
  }, 240_000);
  afterAll(() => ground?.close(), 120_000);

  it.each([1, 2, 4])(
    `answers in step with the number of runners, ${EACH} runs in flight for each: %i`,
    async (runners) => {
      await ground.deployment.scale('runner', runners);
      const { perSecond, wrong, cpu } = await measure(runners * EACH);
      rates.set(runners, perSecond);
      const ofLinear = perSecond / (runners * rates.get(1)!);
      console.log(
        `${runners} runners: ${perSecond.toFixed(1)} answers/s, ${ofLinear.toFixed(2)} of linear; cores idle ${Math.round(100 * cpu.idle)} %\nCPU ms of an answer: ${cpu.perAnswer}`,
      );
      expect(wrong).toEqual({});
      if (cpu.idle < LEAST_IDLE) console.log(`No verdict on ${runners} runners: the machine has no CPU left for more.`);
      else expect(ofLinear).toBeGreaterThanOrEqual(0.9);
    },
    120_000,
  );

  it('fails no answer while runners come and go', async () => {
    const askers = new Askers(ground.door, EACH, wrongWith);
    for (const runners of [1, 4, 2, 1]) {
      await ground.deployment.scale('runner', runners);
      await sleep(3_000);
    }
    const answered = await askers.stop();
    console.log(`4, 1, 4, 2, 1 runners: ${answered.length} answers`);
    expect(answered.length).toBeGreaterThan(500);
    expect(wrongs(answered)).toEqual({});
  }, 240_000);

  async function measure(
    inFlight: number,
  ): Promise<{ perSecond: number; wrong: Record<string, number>; cpu: ReturnType<typeof describeCpu> }> {
    const computed = await cpuOf(ground.deployment, SERVICES);
    const askers = new Askers(ground.door, inFlight, wrongWith);
    await sleep(SETTLE_MS);
    const cpuBefore = await computed();
    const before = askers.answered.length;
    const startedAt = performance.now();
    await sleep(MEASURE_MS);
    const [answers, tookMs] = [askers.answered.length - before, performance.now() - startedAt];
    const cpu = describeCpu(cpuBefore, await computed(), answers, tookMs);
    return { perSecond: (answers * 1_000) / tookMs, wrong: wrongs(await askers.stop()), cpu };
  }
});
