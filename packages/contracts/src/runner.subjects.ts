import { IsInt, IsObject, IsString, Max, Min } from 'class-validator';
import type { Insight } from './insight.ts';
import type { RunInput } from './ticket.ts';

export const runnerSubjects = {
  /** RunRequest -> perhaps a RunNotice, then RunReply; one of the queue group answers, a full one with `runner.full`; without a ticket it is a question whether anybody is there */
  run: 'runner.run',
  /** InspectRequest with the bundle as body -> InspectReply: what the code says of itself, found out behind the walls */
  inspect: 'runner.inspect',
} as const;

export class RunRequest {
  /** signed envelope of type `ticket` */
  @IsString()
  ticket: string;

  /** signed envelope of type `grant` */
  @IsString()
  grant: string;

  @IsObject()
  input: RunInput;
}

/**
 * One look of a run at its context. `value`: the leaf itself (absence included), `shape`: only whether it is an object, a list or
 * nothing, `has`: whether the field is there, `keys`: the list of field names.
 */
export interface ContextRead {
  how: 'value' | 'shape' | 'has' | 'keys';
  path: string[];
}

/** Ahead of the reply, and taken by the asker before the call leaves: done again from here on, the run could do something twice. */
export interface RunNotice {
  isAboutToAct: true;
}

export interface RunReply {
  insights: Insight[];
  reads: ContextRead[];
  /** the run used `cache`: what it remembered may have decided the answer */
  hasRemembered: boolean;
  /** the run changed `metadata.cache`, as ToolJump's files may */
  cacheSeconds?: number;
  /** wall time inside the sandbox */
  tookMs: number;
}

/** Detail of a `run.disturbed` fault: the run's process had to be killed, and not because of this run. */
export interface DisturbedDetail {
  /** true when the run had made no call other than GET or HEAD, so that doing it again harms nobody */
  isRepeatable: boolean;
}

export class InspectRequest {
  @IsInt()
  @Min(1)
  @Max(20_000_000)
  codeBytes: number;
}

export interface InspectReply {
  /** as the code exports it; regular expressions as `{ "$pattern": { source, flags } }`, functions as `{ "$function": name }` */
  metadata: unknown;
  hasRun: boolean;
  hasShouldRun: boolean;
}
