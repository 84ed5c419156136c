import type { Fault, InspectReply, RunLimits } from '@fingerpost/contracts';
import type { EffectOutcome, EffectRequest, LogLevel, SandboxResult, SandboxRun } from './protocol.ts';

/** What a run may do through its process, and what is told of it. */
export interface Visitor {
  onEffect(request: EffectRequest): Promise<EffectOutcome>;
  onLog(level: LogLevel, text: string): void;
}

export interface RunWork {
  kind: 'run';
  digest: string;
  limits: RunLimits;
  run: SandboxRun;
  code: string;
  data?: string;
  /** in a process of its own, which ends with it: nothing of it is left in memory for others */
  isAlone?: boolean;
}

export interface InspectWork {
  kind: 'inspect';
  digest: string;
  limits: RunLimits;
  code: string;
}

export type Work = RunWork | InspectWork;
export type OutcomeOf<W extends Work> = W extends RunWork ? SandboxResult : InspectReply;

/** Work that is in a process now. */
export interface Visit {
  work: Work;
  visitor: Visitor;
  resolve: (outcome: OutcomeOf<Work>) => void;
  reject: (fault: Fault) => void;
  watchdog: NodeJS.Timeout;
  lines: number;
  /** what its isolate computed when the process last said so, in milliseconds of CPU; absent: it has only just begun */
  cpuMs?: number;
}

/** A quarter of the time between two reports. */
const BUSY_MS = 25;

/** Filling a process's memory takes many reports' time, and a core: of those who waited meanwhile, it was none. */
export function whoComputed<V extends Pick<Visit, 'cpuMs'>>(visits: V[]): V[] {
  const busy = visits.filter(({ cpuMs = BUSY_MS }) => cpuMs >= BUSY_MS);
  return busy.length > 0 ? busy : visits;
}
