import type { ContextRead, InspectReply, Isolation, RunLimits, Viewer } from '@fingerpost/contracts';

/**
 * What the runner and a sandbox process say to each other. JSON on purpose: a broken-out process must not reach the runner's
 * deserialiser with anything richer. Bytes travel as base64.
 */
export type ToSandbox =
  | { say: 'run'; id: number; run: SandboxRun }
  | { say: 'inspect'; id: number; code: string; limits: RunLimits }
  | { say: 'settle'; id: number; effect: number; outcome: EffectOutcome }
  | { say: 'cancel'; id: number };

export type FromSandbox =
  | { say: 'ready'; missingWalls: string[] }
  | { say: 'done'; id: number; result: SandboxResult }
  | { say: 'inspected'; id: number; found: InspectReply }
  /** `isStuck`: the run was told to stop and its thread does not; only the end of the process helps */
  | { say: 'failed'; id: number; failure: SandboxFailure; isStuck?: true }
  /** CPU milliseconds of each run's isolate since it was last said, while there are runs */
  | { say: 'load'; runs: [id: number, cpuMs: number][] }
  | { say: 'effect'; id: number; effect: number; request: EffectRequest }
  | { say: 'log'; id: number; level: LogLevel; text: string };

/** Bundles, and data files, that a process keeps: the runner sends each once, and both forget the same ones. */
export const MOST_KEPT = 200;
/** Of a line for the log, and of a stack for people. */
export const LINE_CHARS = 2_000;
export const STACK_CHARS = 2_000;
/** More different reads count as having read everything. Gateways look through all of them for every later asker. */
export const MOST_READS = 500;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface SandboxRun {
  digest: string;
  isolation: Isolation;
  /** absent when this process has been given it before */
  code?: string;
  /** JSON of the data files, absent like the code */
  data?: string;
  dataDigest?: string;
  /** JSON */
  context: string;
  viewer?: Viewer;
  /** secret name to what stands in for it; `warm`: the same for every run of a digest, since its code may keep them */
  secrets: Record<string, string>;
  limits: RunLimits;
}

export interface SandboxResult {
  /** not checked yet */
  insights: unknown;
  reads?: ContextRead[];
  hasRemembered?: boolean;
  cacheSeconds?: number;
  tookMs: number;
}

export interface SandboxFailure {
  code:
    | 'run.failed'
    | 'run.timed_out'
    | 'run.out_of_cpu'
    | 'run.out_of_memory'
    | 'run.result_too_large'
    | 'run.disturbed'
    | 'runner.full';
  message: string;
  stack?: string;
  /** code of the refused call that the run failed over, as the isolate tells it: a hint for people, nothing is decided by it */
  causedBy?: string;
}

export type EffectRequest =
  | {
      kind: 'fetch';
      method: string;
      url: string;
      headers: [string, string][];
      body?: string;
      redirect: 'follow' | 'manual' | 'error';
    }
  | { kind: 'recall'; key: string }
  | { kind: 'remember'; key: string; value: unknown; ttlSeconds: number };

export type EffectOutcome =
  | { isOk: true; head: unknown; body?: string }
  | { isOk: false; code: string; message: string };
