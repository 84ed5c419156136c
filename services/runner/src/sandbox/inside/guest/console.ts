import { tell } from './bridge.ts';

const LINE_CHARS = 2_000;
/** The host caps too; counting here keeps a flood from ever crossing. */
const LINES = 1_000;
let lines = 0;

export function resetConsole(): void {
  lines = 0;
}

export function installConsole(): void {
  const logger = {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    trace: line('debug'),
    fatal: line('error'),
  };
  const target = globalThis as Record<string, unknown>;
  target.logger = { ...logger, child: () => target.logger };
  target.console = { ...logger, log: logger.info, dir: logger.info };
}

const line =
  (level: string) =>
  (...parts: unknown[]): void => {
    if (lines++ < LINES) tell('log', { level, text: parts.map(show).join(' ').slice(0, LINE_CHARS) });
  };

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.stack ?? String(value);
  const seen = new Set<unknown>();
  const withoutCycles = (_key: string, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item !== 'object' || item === null) return item;
    if (seen.has(item)) return '[again]';
    seen.add(item);
    return item;
  };
  return JSON.stringify(value, withoutCycles) ?? String(value);
}
