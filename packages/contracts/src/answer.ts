import type { ErrorCode } from './error-codes.ts';
import type { Insight } from './insight.ts';

/** The events of `POST /context` as a stream, in this order: one `expected`, any number of `insight` and `failure`, one `done`. */
export interface ExpectedEvent {
  /** every integration that fits, in priority order: the order in which the bar shows them */
  integrations: string[];
}

export interface InsightEvent {
  integration: string;
  /** position within its integration's answer, from 0 */
  index: number;
  insight: Insight;
  isCached: boolean;
  /** older than its author allows: shown while a fresh one is on its way, or because the upstream failed */
  isStale: boolean;
}

export interface FailureEvent {
  integration: string;
  /** names the line in the log; the error's text stays there */
  id: string;
  /** safe to show, e.g. "took longer than 5 s" */
  reason: string;
}

/** A failure as the integration's author is told of it: `GET /failures/<id>`. */
export interface FailureDetail {
  id: string;
  /** ISO 8601 */
  at: string;
  integration: string;
  /** the beginning of its digest */
  version: string;
  code: ErrorCode;
  message: string;
  /** what to do about it */
  next?: string;
  /** in the author's own files; both numbers from 1 */
  file?: string;
  line?: number;
  column?: number;
  stack?: string;
}

export interface DoneEvent {
  count: number;
  cacheHits: number;
  failedCount: number;
  tookMs: number;
}

/** `POST /context` as JSON: ToolJump's shape, and `failures` where there are any. */
export interface ContextAnswer {
  data: Insight[];
  count: number;
  cacheHits: number;
  failedCount: number;
  failures?: FailureEvent[];
  timestamp: string;
  integrationNames: string[];
}

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  /** names the line in the log */
  id?: string;
  errors?: { path: string; message: string }[];
}
