import type { PageContext } from '@fingerpost/contracts';
import { type Answered, type Arrival, askForStream, type Place } from './ask.ts';
import { percentile } from './figures.ts';
import type { Line, Target } from './target.ts';

/** What is asked and what must come back: a fast answer that is wrong is worth nothing. */
export interface Question {
  context: PageContext;
  /** throws when the answer is not the one that belongs to the context */
  check(answer: Answered): void;
}

/** What one round of one workload measured. What a workload does not measure is absent. */
export interface Figures {
  requestsPerSecond?: number;
  p50Ms?: number;
  p99Ms?: number;
  /** all processes of the server together; absent where they cannot be seen */
  cpuMsPerRequest?: number;
  /** memory that one more of them takes */
  memoryMb?: number;
  /** how much of a core the load generator itself used: near 1 the server could have done more */
  generatorLoad?: number;
}

/** As many requests at a time as there are lanes, each lane asking again as soon as it has its answer. */
export async function closedLoop(
  target: Target,
  next: () => Question,
  { requests, lanes }: { requests: number; lanes: number },
): Promise<Figures> {
  const lines = Array.from({ length: lanes }, () => target.connect());
  const tookMs: number[] = [];
  let left = requests;

  const measured = await whileMeasuring(target, () =>
    Promise.all(
      lines.map(async (line) => {
        while (left-- > 0) tookMs.push(await timed(line, next()));
      }),
    ),
  );

  await Promise.all(lines.map((line) => line.close()));
  return {
    ...latencyOf(tookMs),
    ...perRequest(measured, requests),
    requestsPerSecond: requests / (measured.wallMs / 1_000),
  };
}

/** At a fixed rate, whether or not the last answer is there: what a quiet server's lonely viewer feels. */
export async function openLoop(
  target: Target,
  next: () => Question,
  { requests, perSecond }: { requests: number; perSecond: number },
): Promise<Figures> {
  const idle = Array.from({ length: 4 }, () => target.connect());
  const opened = [...idle];
  const answers: Promise<number>[] = [];

  const measured = await whileMeasuring(target, async () => {
    const startedAt = performance.now();
    for (let number = 0; number < requests; number++) {
      await sleepUntil(startedAt + (number * 1_000) / perSecond);
      const line = idle.pop() ?? opened[opened.push(target.connect()) - 1]!;
      answers.push(timed(line, next()).finally(() => idle.push(line)));
    }
    await Promise.all(answers);
  });

  await Promise.all(opened.map((line) => line.close()));
  return { ...latencyOf(await Promise.all(answers)), ...perRequest(measured, requests) };
}

/** One at a time over the event stream; `until` says which arrival counts. */
export async function streamed(
  target: Target & Place,
  next: () => Question,
  { requests, until }: { requests: number; until: (arrivals: Arrival[]) => number },
): Promise<Figures> {
  const tookMs: number[] = [];
  const measured = await whileMeasuring(target, async () => {
    for (let number = 0; number < requests; number++) {
      const { context, check } = next();
      const { answer, arrivals } = await askForStream(target, context);
      check(answer);
      tookMs.push(until(arrivals));
    }
  });
  return { ...latencyOf(tookMs), ...perRequest(measured, requests) };
}

export async function timed(line: Line, { context, check }: Question): Promise<number> {
  const startedAt = performance.now();
  const answer = await line.ask(context);
  const tookMs = performance.now() - startedAt;
  check(answer);
  return tookMs;
}

interface Measured {
  wallMs: number;
  serverMs: number | undefined;
  generatorMs: number | undefined;
}

async function whileMeasuring(target: Target, work: () => Promise<unknown>): Promise<Measured> {
  const server = target.cpuMs();
  const generator = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(generator);
  const serverNow = target.cpuMs();
  const serverMs = server === undefined || serverNow === undefined ? undefined : serverNow - server;
  return { wallMs, serverMs, generatorMs: target.isHere ? undefined : (user + system) / 1_000 };
}

const perRequest = ({ wallMs, serverMs, generatorMs }: Measured, requests: number) => ({
  ...(serverMs !== undefined && { cpuMsPerRequest: serverMs / requests }),
  ...(generatorMs !== undefined && { generatorLoad: generatorMs / wallMs }),
});

export const latencyOf = (tookMs: readonly number[]) => ({
  p50Ms: percentile(tookMs, 0.5),
  p99Ms: percentile(tookMs, 0.99),
});

const sleepUntil = (time: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
