import { join } from 'node:path';
import { type ErrorCode, Fault } from '@fingerpost/contracts';
import { boundMemory, type Log, spawnWalled, type WalledProcess, type WallLevel } from '@fingerpost/platform';
import { readFromSandbox } from './from-sandbox.ts';
import { cut } from './inside/cut.ts';
import { LINE_CHARS, MOST_KEPT, type SandboxFailure, type ToSandbox } from './protocol.ts';
import { type OutcomeOf, type RunWork, type Visit, type Visitor, type Work, whoComputed } from './visit.ts';

/** `killed`: by the kernel, which wants its memory, or by somebody on the machine. `exited`: by itself. */
export const KILL_REASONS = ['deaf', 'stuck', 'memory', 'taken_over', 'closed', 'killed', 'exited'] as const;
export type KillReason = (typeof KILL_REASONS)[number];

/** What is known of a process that has ended, with who was in it. */
export interface End {
  runs: number;
  /** the digest because of which it ended, where that is certain */
  culprit?: string;
  /** where it is not: digests of those that it may have been */
  suspects: string[];
  reason: KillReason;
}

/** The process answers for its own limits; after this much more it is taken for dead. */
const GRACE_MS = 1_000;
/** Of a process's memory, for Node and what the isolates share; the rest is heap for them. */
const OWN_MB = 100;
// Collecting garbage on many threads at once would let one run that fills its heap take every core.
const FLAGS = ['--jitless', '--no-lazy', '--single-threaded-gc', '--no-warnings'];

export interface SandboxOptions {
  /** all that the process can read */
  folder: string;
  walls: WallLevel;
  /** above this it is ended */
  memoryMb: number;
  allowMissingWalls: boolean;
  log: Log;
}

/**
 * One operating-system process full of isolates, behind the walls: no environment, no files but its own program, no sockets, no
 * children, no machine code made at run time. What does not stop is killed with everybody in it.
 */
export class SandboxProcess {
  readonly isReady: Promise<void>;
  private readonly process: WalledProcess;
  private readonly visits = new Map<number, Visit>();
  private readonly known = new Set<string>();
  private nextId = 1;
  private isGone = false;
  private hasEnded = false;
  /** false at its end: there is no use in starting the next one at once */
  wasReady = false;
  /** its walls were tried and hold */
  takesRuns = false;
  /** the digest whose run made the killing necessary, where that is certain */
  private culprit: string | undefined;

  private reason: KillReason | undefined;

  onEnd: (end: End) => void = () => {};

  constructor(private readonly options: SandboxOptions) {
    const { folder, walls, log } = options;
    this.process = spawnWalled(walls, {
      program: join(folder, 'host.mjs'),
      args: [String(options.memoryMb - OWN_MB)],
      readable: [folder],
      asStranger: true,
      nodeOptions: ['--permission', '--allow-addons', `--allow-fs-read=${folder}`, ...FLAGS],
    });
    const { child } = this.process;
    child.stderr?.on('data', (bytes: Buffer) =>
      log.debug({ text: bytes.toString().slice(0, 2_000) }, 'sandbox process'),
    );
    child.on('exit', (code, signal) => this.onExit(wasKilled(code, signal) ? 'killed' : 'exited'));
    child.on('error', () => this.onExit('exited')); // never began
    this.isReady = this.untilReady();
    boundMemory(this.process, options.memoryMb, () => {
      this.kill('memory');
    });
  }

  get pid(): number | undefined {
    return this.process.pid();
  }

  get visitors(): number {
    return this.visits.size;
  }

  get isUsable(): boolean {
    return !this.isGone;
  }

  /** `leaving` fires when nobody waits for it any more. @throws Fault `run.*` */
  perform<W extends Work>(work: W, visitor: Visitor, leaving?: AbortSignal): Promise<OutcomeOf<W>> {
    if (this.isGone) return Promise.reject(disturbed()); // nobody is left to end it
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      // The process is deaf. That this run waits for it does not say that this run made it so.
      const watchdog = setTimeout(() => this.kill('deaf'), work.limits.wallMs + GRACE_MS);
      leaving?.addEventListener('abort', () => this.cancel(id), { once: true });
      this.visits.set(id, { work, visitor, resolve: resolve as Visit['resolve'], reject, watchdog, lines: 0 });
      this.tell(
        work.kind === 'run' ? this.runMessage(id, work) : { say: 'inspect', id, code: work.code, limits: work.limits },
      );
    });
  }

  private cancel(id: number): void {
    if (this.visits.has(id)) this.tell({ say: 'cancel', id });
  }

  kill(reason: KillReason = 'closed', culprit?: string): void {
    this.reason ??= reason;
    this.culprit ??= culprit;
    this.isGone = true; // takes no more visitors from here on
    this.process.kill();
  }

  // Code and data cross once for each process; both sides keep the same list and forget at the same length.
  private runMessage(id: number, work: RunWork): ToSandbox {
    const run = { ...work.run };
    if (this.learn(`code ${work.digest}`)) run.code = work.code;
    if (work.data !== undefined && this.learn(`data ${run.dataDigest}`)) run.data = work.data;
    return { say: 'run', id, run };
  }

  private learn(what: string): boolean {
    if (this.known.has(what)) return false;
    this.known.add(what);
    const ofThisKind = [...this.known].filter((one) => one.startsWith(what.slice(0, 5)));
    if (ofThisKind.length > MOST_KEPT) this.known.delete(ofThisKind[0]!);
    return true;
  }

  private async untilReady(): Promise<void> {
    const { child } = this.process;
    const missingWalls = await new Promise<string[]>((resolve, reject) => {
      this.process.channel.onLine = (said) => this.hear(said, resolve);
      child.once('error', (cause) => reject(new Error('A sandbox process could not be started.', { cause })));
      child.once('exit', () => reject(new Error('A sandbox process ended before it was ready.')));
    });
    this.wasReady = true;
    this.takesRuns = missingWalls.length === 0 || this.options.allowMissingWalls;
    if (missingWalls.length === 0) return;
    const sentence = `From inside the sandbox these succeed and must not: ${missingWalls.join(', ')}.`;
    if (!this.takesRuns) throw new Error(`${sentence} FINGERPOST_WALLS=none accepts that, for development only.`);
    this.options.log.warn(sentence);
  }

  private hear(said: unknown, onReady: (missingWalls: string[]) => void): void {
    const message = readFromSandbox(said);
    if (message === undefined) return this.endTakenOver();
    if (message.say === 'ready') return onReady(message.missingWalls);
    if (message.say === 'load') return this.noteLoad(message.runs);
    const visit = this.visits.get(message.id);
    if (visit === undefined) return;
    switch (message.say) {
      case 'done':
        if (visit.work.kind !== 'run') return this.endTakenOver();
        return this.leave(message.id, (it) => it.resolve(message.result));
      case 'inspected':
        if (visit.work.kind !== 'inspect') return this.endTakenOver();
        return this.leave(message.id, (it) => it.resolve(message.found));
      case 'failed':
        if (message.isStuck) this.kill('stuck', visit.work.digest);
        return this.leave(message.id, (it) => it.reject(toFault(message.failure)));
      case 'log':
        // Counted in there, too; but whoever has taken the process over counts as they like. One more says that some are left out.
        if (visit.lines++ > visit.work.limits.logLines) return;
        return visit.visitor.onLog(message.level, cut(message.text, LINE_CHARS));
      case 'effect':
        void visit.visitor
          .onEffect(message.request)
          .then((outcome) => this.tell({ say: 'settle', id: message.id, effect: message.effect, outcome }));
    }
  }

  private endTakenOver(): void {
    this.options.log.error(
      { pid: this.pid },
      'a sandbox process says what none of ours says: it has been taken over, or is broken',
    );
    this.kill('taken_over');
  }

  private noteLoad(runs: [id: number, cpuMs: number][]): void {
    for (const [id, cpuMs] of runs) {
      const visit = this.visits.get(id);
      if (visit !== undefined) visit.cpuMs = cpuMs;
    }
  }

  private leave(id: number, end: (visit: Visit) => void): void {
    const visit = this.visits.get(id);
    if (visit === undefined) return;
    this.visits.delete(id);
    clearTimeout(visit.watchdog);
    end(visit);
  }

  private tell(message: ToSandbox): void {
    this.process.channel.send(message);
  }

  private onExit(how: KillReason): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.isGone = true;
    const reason = this.reason ?? how;
    const inside = [...this.visits.values()];
    const culprit = this.culprit ?? (reason === 'killed' ? undefined : aloneIn(inside));
    const suspects = digestsOf(reason === 'memory' ? whoComputed(inside) : inside); // of those who filled it, one that computed
    for (const [id, { work }] of [...this.visits])
      this.leave(id, (visit) => visit.reject(work.digest === culprit ? unstoppable(work) : disturbed()));
    this.onEnd({ runs: inside.length, culprit, suspects, reason });
  }
}

/** Refused calls that say more than "failed" to the one who looks. */
const TELLING = [
  'run.too_many_calls',
  'outbound.host_not_granted',
  'outbound.too_large',
  'secret.not_found',
  'secret.misplaced',
  'secret.not_minted',
];

function toFault({ code, message, stack, causedBy }: SandboxFailure): Fault {
  const telling = TELLING.find((known) => known === causedBy) as ErrorCode | undefined;
  return new Fault(code === 'run.failed' ? (telling ?? code) : code, message, { detail: { stack } });
}

/** bubblewrap says in its exit code how the process that it watches over ended: as shells do. */
const wasKilled = (code: number | null, signal: NodeJS.Signals | null): boolean => signal === 'SIGKILL' || code === 137;

/** Alone in the process means: it was you. */
function aloneIn(visits: Visit[]): string | undefined {
  const digests = new Set(digestsOf(visits));
  return digests.size === 1 ? visits[0]!.work.digest : undefined;
}

const digestsOf = (visits: Visit[]): string[] => visits.map(({ work }) => work.digest);

const unstoppable = (work: Work) =>
  new Fault('run.timed_out', `The run did not stop within ${work.limits.wallMs} ms; its process had to be ended.`);

const disturbed = () => new Fault('run.disturbed', 'The run’s process had to be ended because of another run.');
