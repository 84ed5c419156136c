import { inspect } from 'node:util';
import { createLog, type Log } from '@fingerpost/platform';

/** A log that is silent, and all that was said to it, errors and their causes in full. */
export function linesOfLog(): { log: Log; lines: string[] } {
  const log = createLog('test', { level: 'silent', format: 'json' });
  const lines: string[] = [];
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    log[level] = ((...args: unknown[]) => lines.push(`${level} ${inspect(args, { depth: 9 })}`)) as never;
  return { log, lines };
}
