import { STATUS_CODES } from 'node:http';
import { type ErrorCode, Fault, isFault, type Problem } from '@fingerpost/contracts';

/** How a fault looks over HTTP. Codes that are not listed are ours: 500. */
const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  'request.invalid': 400,
  'request.unauthenticated': 401,
  'request.forbidden': 403,
  'request.not_found': 404,
  'request.too_large': 413,
  'request.rate_limited': 429,
  'identity.refused': 403,
  'identity.unavailable': 503,
  'identity.provider_unavailable': 503,
  'bus.nobody_answers': 503,
  'bus.lost': 503,
  'bus.timed_out': 504,
  'bus.closed': 503,
};

const CODE_OF: Record<number, ErrorCode> = {
  401: 'request.unauthenticated',
  403: 'request.forbidden',
  404: 'request.not_found',
  413: 'request.too_large',
  429: 'request.rate_limited',
};

export interface Refusal {
  problem: Problem;
  headers: Record<string, string>;
}

/**
 * Turns whatever was thrown into an RFC 9457 problem. What we did not foresee gets a fixed sentence and an id;
 * `report` writes the rest to the log and returns that id.
 */
export function toProblem(error: unknown, report: (error: unknown) => string): Refusal {
  const fault = isFault(error) ? error : undefined;
  const status = fault === undefined ? statusOf(error) : (statusIn(fault) ?? STATUS_OF[fault.code] ?? 500);
  if (status >= 500) return ours(status, fault?.code ?? 'internal', report(error));
  return {
    problem: {
      ...face(status, fault?.code ?? CODE_OF[status] ?? 'request.invalid'),
      detail: fault?.message ?? sentenceFor(status),
      ...(Array.isArray(fault?.detail?.errors) && { errors: fault.detail.errors as Problem['errors'] }),
    },
    headers: headersFor(status, fault),
  };
}

function ours(status: number, code: ErrorCode, id: string): Refusal {
  const detail =
    status === 500
      ? 'Something went wrong on our side. The log has the detail under this id.'
      : 'A part of the product is not reachable right now. Try again in a moment.';
  return { problem: { ...face(status, code), detail, id }, headers: status === 500 ? {} : { 'retry-after': '2' } };
}

const face = (status: number, code: ErrorCode) => ({
  type: `urn:fingerpost:error:${code}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  code,
});

function headersFor(status: number, fault: Fault | undefined): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer realm="fingerpost"' };
  if (status === 429) return { 'retry-after': String(fault?.detail?.retryAfterSeconds ?? 60) };
  if (status === 405) return { allow: String(fault?.detail?.allow ?? '') };
  return {};
}

// A fault may ask for a status that its code does not have by itself: 405 and 415 are both kinds of wrong requests.
const statusIn = (fault: Fault): number | undefined =>
  typeof fault.detail?.status === 'number' ? fault.detail.status : undefined;

function statusOf(error: unknown): number {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  const claimed = typeof statusCode === 'number' ? statusCode : status;
  return typeof claimed === 'number' && claimed >= 400 && claimed < 500 ? claimed : 500;
}

// The framework's own words may quote what was sent; ours do not.
function sentenceFor(status: number): string {
  if (status === 400) return 'The request is not valid: send one JSON object.';
  if (status === 413) return 'The body is too large: 100 kB at most.';
  if (status === 415) return 'Send the body as application/json.';
  return `${STATUS_CODES[status] ?? 'The request was refused'}.`;
}
