import { Fault } from '@fingerpost/contracts';
import { metrics, watchGauge } from '@fingerpost/platform';
import { FairSemaphore } from './inside/fair-semaphore.ts';
import { RecentUse } from './inside/recent-use.ts';
import { MOST_ALONE } from './plan-memory.ts';
import { type End, KILL_REASONS, type SandboxOptions, SandboxProcess } from './sandbox-process.ts';
import { Suspects } from './suspects.ts';
import type { OutcomeOf, Visitor, Work } from './visit.ts';

export interface PoolOptions extends SandboxOptions {
  /** processes for approved code; unapproved code has its own, one */
  processes: number;
  /** runs at once, over all processes */
  mostRuns: number;
}

type Trust = 'approved' | 'unapproved';

/** For a process to itself; then another runner is asked, which perhaps suspects nobody. */
const WAIT_ALONE_MS = 1_000;
/** Starting a process keeps this thread busy for some milliseconds: whoever waits for the one just taken goes first. */
const SPARE_AFTER_MS = 50;

const pauseMs = (failures: number) => Math.min(5_000, 50 * 2 ** failures);

const kills = metrics.counter({
  name: 'fingerpost_runner_sandbox_kills_total',
  help: 'Sandbox processes that ended with runs in them, by why.',
  labelNames: ['reason'],
});
for (const reason of KILL_REASONS) kills.inc({ reason }, 0); // there from the start: the first one is to be seen
const running = metrics.gauge({ name: 'fingerpost_runner_runs_in_flight', help: 'Runs that have a place now.' });

/** Sandbox processes, kept alive and apart: approved from unapproved code, and a suspect from everybody. One more waits to replace any. */
export class SandboxPool {
  private readonly processes: Record<Trust, SandboxProcess[]> = { approved: [], unapproved: [] };
  /** no code has been in it yet, so it may become anybody's */
  private spare: SandboxProcess | undefined;
  private readonly suspects = new Suspects();
  private readonly use = new RecentUse();
  private readonly aloneness = new FairSemaphore(MOST_ALONE, this.use);
  private readonly runs: FairSemaphore;
  /** processes that ended before they were ready, one after another */
  private failures = 0;
  private isClosed = false;
  private readonly unwatch: (() => void)[];

  constructor(private readonly options: PoolOptions) {
    this.runs = new FairSemaphore(options.mostRuns, this.use);
    this.unwatch = [
      watchGauge('fingerpost_runner_places', 'Runs that may have a place at once.', () => options.mostRuns),
      watchGauge(
        'fingerpost_runner_runs_waiting',
        'Runs that wait for a process to themselves.',
        () => this.aloneness.waiting,
      ),
      watchGauge(
        'fingerpost_runner_versions_put_aside',
        'Versions that run no more for an hour.',
        () => this.suspects.putAside,
      ),
      watchGauge('fingerpost_runner_sandboxes', 'Sandbox processes that take runs.', () => this.usable),
    ];
  }

  /** @throws when a wall is missing */
  async open(): Promise<void> {
    for (let n = 0; n < this.options.processes; n++) this.start('approved');
    this.start('unapproved');
    await Promise.all(this.everyProcess().map((process) => process.isReady));
  }

  /** @throws Fault `runner.full`, `run.put_aside`, and whatever the run ends with */
  async perform<W extends Work>(
    work: W,
    visitor: Visitor,
    isApproved: boolean,
    leaving?: AbortSignal,
  ): Promise<OutcomeOf<W>> {
    if (this.suspects.isPutAside(work.digest))
      throw new Fault(
        'run.put_aside',
        'This version ended two sandbox processes and is put aside for an hour. Change the code to try again.',
      );
    this.enter(work.digest);
    const enteredAt = performance.now();
    try {
      if (this.suspects.has(work.digest) || (work.kind === 'run' && work.isAlone))
        return await this.performAlone(work, visitor, leaving);
      return await this.performIn(this.leastVisited(isApproved ? 'approved' : 'unapproved'), work, visitor, leaving);
    } finally {
      this.use.add(work.digest, performance.now() - enteredAt);
      this.runs.release(work.digest);
      running.dec();
    }
  }

  private enter(digest: string): void {
    if (!this.runs.has(1)) throw full(`has ${this.options.mostRuns} runs already`);
    if (!this.runs.tryAcquire(digest)) throw full('keeps its last places for versions that have used it less lately');
    running.inc();
  }

  // A process for each run costs much: there are few at a time, or one kill would bring on a storm of them.
  private async performAlone<W extends Work>(work: W, visitor: Visitor, leaving?: AbortSignal): Promise<OutcomeOf<W>> {
    if (!(await this.aloneness.acquire(work.digest, WAIT_ALONE_MS)))
      throw full('has many runs that want a process to themselves');
    const alone = this.take('unapproved', () => {});
    try {
      return await this.performIn(alone, work, visitor, leaving);
    } finally {
      if (alone.isUsable) this.suspects.acquit(work.digest);
      alone.kill();
      this.aloneness.release(work.digest);
    }
  }

  private async performIn<W extends Work>(
    process: SandboxProcess,
    work: W,
    visitor: Visitor,
    leaving?: AbortSignal,
  ): Promise<OutcomeOf<W>> {
    // To be awaited only where it must: until it is visited, others who come at once choose the same one.
    if (!process.takesRuns)
      await process.isReady.catch(() => {
        throw full('has no sandbox process at the moment');
      });
    return process.perform(work, visitor, leaving);
  }

  close(): void {
    this.isClosed = true;
    for (const stop of this.unwatch) stop();
    for (const process of [...this.everyProcess(), this.spare]) process?.kill();
  }

  private leastVisited(trust: Trust): SandboxProcess {
    const usable = this.processes[trust].filter((process) => process.isUsable);
    return usable.reduce(
      (best, process) => (process.visitors < best.visitors ? process : best),
      usable[0] ?? this.start(trust),
    );
  }

  private start(trust: Trust): SandboxProcess {
    const process = this.take(trust, () => {
      this.processes[trust] = this.processes[trust].filter((other) => other !== process);
      this.failures = process.wasReady ? 0 : this.failures + 1;
      if (process.wasReady) this.refill(trust);
      else setTimeout(() => this.refill(trust), pauseMs(this.failures)).unref();
    });
    this.processes[trust].push(process);
    return process;
  }

  // A run that found none has perhaps started the next one already.
  private refill(trust: Trust): void {
    if (!this.isClosed && this.processes[trust].length < this.mostOf(trust)) this.start(trust);
  }

  private mostOf(trust: Trust): number {
    return trust === 'approved' ? this.options.processes : 1;
  }

  private take(trust: Trust, afterwards: () => void): SandboxProcess {
    const process = this.spare ?? this.make();
    this.spare = undefined;
    const goOn = () => void setTimeout(() => this.prepareSpare(), SPARE_AFTER_MS).unref();
    process.isReady.then(goOn, () => {});
    process.onEnd = (end) => {
      if (!this.isClosed && (end.runs > 0 || end.culprit !== undefined)) this.noteEnd(trust, end);
      afterwards();
    };
    return process;
  }

  private make(): SandboxProcess {
    const process = new SandboxProcess(this.options);
    process.isReady.catch((error) => this.options.log.error({ err: error }, 'a sandbox process is of no use'));
    return process;
  }

  private prepareSpare(): void {
    if (this.isClosed || this.spare !== undefined) return;
    const spare = this.make();
    spare.onEnd = () => (this.spare = undefined);
    this.spare = spare;
  }

  // Where nobody knows which of them it was, each runs alone for a while: then the next time tells.
  private noteEnd(trust: Trust, { runs, culprit, suspects, reason }: End): void {
    kills.inc({ reason });
    this.options.log.warn(
      { trust, runs, culprit, suspects, reason },
      'a sandbox process was ended, or ended, with runs in it',
    );
    if (culprit === undefined) this.suspects.suspect(suspects);
    else this.suspects.convict(culprit);
  }

  private get usable(): number {
    return this.everyProcess().filter(({ isUsable, wasReady }) => isUsable && wasReady).length;
  }

  private everyProcess(): SandboxProcess[] {
    return [...this.processes.approved, ...this.processes.unapproved];
  }
}

const full = (why: string) => new Fault('runner.full', `This runner ${why}.`);
