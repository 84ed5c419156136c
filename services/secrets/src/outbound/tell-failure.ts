import { Fault, isFault } from '@fingerpost/contracts';

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has no address: there is no such name; look whether it is spelt right',
  EAI_AGAIN: 'has no address for the moment',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  UND_ERR_SOCKET: 'broke the connection off',
  ETIMEDOUT: 'could not be reached in time',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'could not be reached in time',
  UND_ERR_HEADERS_TIMEOUT: 'did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its answer',
  UND_ERR_HEADERS_OVERFLOW: 'answered with too many headers',
  Z_DATA_ERROR: 'sent an answer that cannot be unpacked',
  Z_BUF_ERROR: 'stopped in the middle of its answer',
};

/** A foreign error as a fault of ours. Its own text names addresses of the network: it stays in `cause`, for the log. */
export function tellFailure(error: unknown, host: string, signal: AbortSignal): Fault {
  if (signal.aborted && isFault(signal.reason)) return signal.reason;
  const fault = findFault(error);
  if (fault !== undefined) return fault;
  return new Fault('outbound.failed', `${host} ${reasonOf(error)}.`, { cause: error });
}

// A refusal by our own lookup comes back through the connection, at times wrapped.
function findFault(error: unknown, depth = 0): Fault | undefined {
  if (isFault(error)) return error;
  if (depth > 4 || typeof error !== 'object' || error === null) return undefined;
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  for (const inner of [cause, ...(Array.isArray(errors) ? errors : [])]) {
    const fault = findFault(inner, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (REASONS[code] !== undefined) return REASONS[code];
  if (/CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_|ERR_SSL/.test(code)) return 'could not prove who it is (TLS)';
  return 'did not answer properly';
}
