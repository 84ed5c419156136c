import { Fault } from '@fingerpost/contracts';
import { metrics } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';
import { FairSemaphore } from './inside/fair-semaphore.ts';
import { RecentUse } from './inside/recent-use.ts';
import { MOST_ALONE } from './plan-memory.ts';
import type { SandboxResult } from './protocol.ts';
import { type SandboxOptions, SandboxProcess, type Visitor, type Work } from './sandbox-process.ts';

export interface PoolOptions extends SandboxOptions {
  /** processes for approved code; unapproved code has its own, one */
  processes: number;
  /** runs at once, over all processes */
  mostRuns: number;
}

type Trust = 'approved' | 'unapproved';

/** Two processes killed are no accident. */
const KILLS_BEFORE_PUT_ASIDE = 2;
/** A suspect that ends so many runs alone and in peace is none any more. */
const RUNS_ALONE = 3;
const MOST_SUSPECTS = 1_000;
const PUT_ASIDE_FOR_MS = 3_600_000;

/** Starting a process keeps this thread busy for some milliseconds: whoever waits for the one just taken goes first. */
const SPARE_AFTER_MS = 50;

const pauseMs = (failures: number) => Math.min(5_000, 50 * 2 ** failures);

const kills = metrics.counter({
  name: 'fingerpost_sandbox_kills_total',
  help: 'Sandbox processes that ended with runs in them',
});
const running = metrics.gauge({ name: 'fingerpost_runs_in_flight', help: 'Runs in the sandbox now' });

/** Sandbox processes, kept alive and apart: approved from unapproved code, and a suspect from everybody. One more waits to replace any. */
export class SandboxPool {
  private readonly processes: Record<Trust, SandboxProcess[]> = { approved: [], unapproved: [] };
  /** no code has been in it yet, so it may become anybody's */
  private spare: SandboxProcess | undefined;
  /** digest to the times at which a process ended because of it, or with it inside */
  private readonly killed = new Map<string, number[]>();
  /** digest to runs that it still has to end alone */
  private readonly suspects = new LRUCache<string, number>({ max: MOST_SUSPECTS });
  private readonly use = new RecentUse();
  private readonly aloneness = new FairSemaphore(MOST_ALONE, this.use);
  private readonly runs: FairSemaphore;
  /** processes that ended before they were ready, one after another */
  private failures = 0;
  private isClosed = false;

  constructor(private readonly options: PoolOptions) {
    this.runs = new FairSemaphore(options.mostRuns, this.use);
  }

  /** @throws when a wall is missing */
  async open(): Promise<void> {
    for (let n = 0; n < this.options.processes; n++) this.start('approved');
    this.start('unapproved');
    await Promise.all(this.everyProcess().map((process) => process.isReady));
  }

  /** @throws Fault `runner.full`, `run.put_aside`, and whatever the run ends with */
  async perform(work: Work, visitor: Visitor, isApproved: boolean, leaving?: AbortSignal): Promise<SandboxResult> {
    if (this.isPutAside(work.digest))
      throw new Fault(
        'run.put_aside',
        'This version ended two sandbox processes and is put aside for an hour. Change the code to try again.',
      );
    this.enter(work.digest);
    const enteredAt = performance.now();
    try {
      if (this.isSuspect(work.digest) || (work.kind === 'run' && work.isAlone))
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
  private async performAlone(work: Work, visitor: Visitor, leaving?: AbortSignal): Promise<SandboxResult> {
    if (!(await this.aloneness.acquire(work.digest, work.limits.wallMs)))
      throw full('has many runs that want a process to themselves');
    const alone = this.take('unapproved', () => {});
    try {
      return await this.performIn(alone, work, visitor, leaving);
    } finally {
      if (alone.isUsable) this.acquit(work.digest);
      alone.kill();
      this.aloneness.release(work.digest);
    }
  }

  private async performIn(
    process: SandboxProcess,
    work: Work,
    visitor: Visitor,
    leaving?: AbortSignal,
  ): Promise<SandboxResult> {
    await process.isReady.catch(() => {
      throw full('has no sandbox process at the moment');
    });
    return process.perform(work, visitor, leaving);
  }

  close(): void {
    this.isClosed = true;
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
    process.onEnd = (inside, culprit) => {
      if (!this.isClosed && (inside.length > 0 || culprit !== undefined)) {
        this.options.log.warn(
          { trust, runs: inside.length, culprit },
          'a sandbox process was ended, or ended, with runs in it',
        );
        this.noteEnd(inside, culprit);
      }
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

  private noteEnd(inside: string[], culprit: string | undefined): void {
    kills.inc();
    // Nobody knows which of them it was: each runs alone for a while, then the next time tells.
    if (culprit === undefined) for (const digest of inside) this.suspects.set(digest, RUNS_ALONE);
    else this.killed.set(culprit, [...(this.killed.get(culprit) ?? []), Date.now()]);
  }

  private isSuspect(digest: string): boolean {
    return this.suspects.has(digest) || this.killed.has(digest);
  }

  private acquit(digest: string): void {
    const more = (this.suspects.get(digest) ?? 1) - 1;
    if (more === 0) this.suspects.delete(digest);
    else this.suspects.set(digest, more);
  }

  private isPutAside(digest: string): boolean {
    const recent = (this.killed.get(digest) ?? []).filter((time) => Date.now() - time < PUT_ASIDE_FOR_MS);
    if (recent.length === 0) this.killed.delete(digest);
    return recent.length >= KILLS_BEFORE_PUT_ASIDE;
  }

  private everyProcess(): SandboxProcess[] {
    return [...this.processes.approved, ...this.processes.unapproved];
  }
}

const full = (why: string) => new Fault('runner.full', `This runner ${why}.`);
