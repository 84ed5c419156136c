import { ERROR_CODES, type ErrorCode, Fault } from '@fingerpost/contracts';

/** How a fault crosses the bus: `{ code, message, detail }`, as JSON. */
export const faultText = ({ code, message, detail }: Fault) => ({ code, message, detail });

/** What the other side says went wrong. It may be newer than we are, or lie: only known codes come through. */
export function toFault(value: unknown): Fault {
  const { code, message, detail } = isRecord(value) ? value : {};
  if (!isCode(code) || typeof message !== 'string')
    return new Fault('internal', 'The other side failed for a reason that we do not know.');
  return new Fault(code, message, isRecord(detail) ? { detail } : {});
}

/** What becomes of everything that waits when an exchange ends well. Made once: an error's stack costs more than an exchange. */
export const OVER = new Fault('bus.closed', 'The exchange is over.');

const codes: ReadonlySet<unknown> = new Set(ERROR_CODES);

const isCode = (value: unknown): value is ErrorCode => codes.has(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
