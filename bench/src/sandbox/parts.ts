import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { closedLoop, type Figures, latencyOf, openLoop, timed } from '../load.ts';
import type { Part } from '../workloads/workload.ts';
import { HOSTILE } from './hostile.ts';
import { memoryOfTree } from './memory.ts';
import { type PageType, QUESTIONS } from './pages.ts';
import type { Sandboxed } from './sandboxed.ts';

type SandboxPart = Part<Sandboxed>;

const PER_SECOND = 20;
const ATTACKERS = Math.max(1, availableParallelism() - 1);
/** What fails at once would otherwise measure only how many isolates a process can make. */
const ATTACK_EVERY_MS = 250;
const PROGRAMS = Object.keys(HOSTILE) as (keyof typeof HOSTILE)[];

export const alone = (name: string, type: PageType): SandboxPart => ({
  name: `${name}, ${PER_SECOND} a second`,
  title: `${name}: ${PER_SECOND} a second`,
  question: QUESTIONS[type],
  measure: (target, size) => openLoop(target, QUESTIONS[type], { requests: size(100), perSecond: PER_SECOND }),
});

export const inARow = (name: string, type: PageType, requests: number): SandboxPart => ({
  name: `${name}, in a row`,
  title: `${name}: one after another`,
  question: QUESTIONS[type],
  measure: (target, size) => closedLoop(target, QUESTIONS[type], { requests: size(requests), lanes: 1 }),
});

export const saturated = (name: string, type: PageType, requests: number): SandboxPart => ({
  name: `${name}, saturated`,
  title: `${name}: 8 at a time`,
  question: QUESTIONS[type],
  measure: (target, size) => closedLoop(target, QUESTIONS[type], { requests: size(requests), lanes: 8 }),
});

/** In a process that has run nothing yet. */
export const first = (name: string, type: PageType): SandboxPart => ({
  name: `${name}, first`,
  title: `${name}: the first run in a new process, once it is ready`,
  question: QUESTIONS[type],
  measure: async (target, size) => {
    const tookMs: number[] = [];
    for (let time = 0; time < size(3); time++) {
      const another = await afresh(target);
      tookMs.push(await timed(another.connect(), QUESTIONS[type]()));
      await another.stop();
    }
    return latencyOf(tookMs);
  },
});

async function afresh(target: Sandboxed): Promise<Sandboxed> {
  const another = await target.another!();
  await sleep(300); // until its first isolates wait
  return another;
}

/** What each of many runs holds on to while it waits for an answer. */
export const memory = (name: string, type: PageType): SandboxPart => ({
  name: `${name}, memory`,
  title: `${name}: memory of each isolate whose run waits for an answer`,
  question: QUESTIONS[type],
  measure: async (target, size) => {
    const count = size(40);
    const another = await afresh(target); // what ended runs left free would be taken first
    const before = memoryOfTree(process.pid);
    const letGo = await another.hold!(type, count);
    const after = memoryOfTree(process.pid);
    await letGo();
    await another.stop();
    return before === undefined || after === undefined ? {} : { memoryMb: (after - before) / count };
  },
});

/** From the end of a process, which a run has made necessary, to the next answer. */
export const killed: SandboxPart = {
  name: 'killed',
  title: 'from the end of the process to the next answer',
  question: QUESTIONS.github,
  measure: async (target, size) => {
    const tookMs: number[] = [];
    for (let time = 0; time < size(5); time++) {
      await target.suffer!('a native loop that nothing interrupts');
      tookMs.push(await timed(target.connect(), QUESTIONS.github()));
      await sleep(500);
    }
    return latencyOf(tookMs);
  },
};

const neighbours = (target: Sandboxed, size: (requests: number) => number) =>
  openLoop(target, QUESTIONS.generic, { requests: size(240), perSecond: PER_SECOND });

export const quiet: SandboxPart = {
  name: 'quiet',
  title: `a small integration that makes a call: ${PER_SECOND} a second`,
  question: QUESTIONS.generic,
  measure: neighbours,
};

export const besieged: SandboxPart = {
  name: 'besieged',
  title:
    'the same, while hostile runs (one at a time for each core but one) loop, flood and allocate in the same process',
  question: QUESTIONS.generic,
  measure: (target, size) => whileSuffering(target, () => neighbours(target, size)),
};

async function whileSuffering(target: Sandboxed, work: () => Promise<Figures>): Promise<Figures> {
  let isOver = false;
  let next = 0;
  const attackers = Array.from({ length: ATTACKERS }, async () => {
    while (!isOver) await Promise.all([target.suffer!(PROGRAMS[next++ % PROGRAMS.length]!), sleep(ATTACK_EVERY_MS)]);
  });
  const figures = await work();
  isOver = true;
  await Promise.all(attackers);
  return figures;
}
