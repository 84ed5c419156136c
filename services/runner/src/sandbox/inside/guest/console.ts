import { LINE_CHARS } from '../../protocol.ts';
import { cut } from '../cut.ts';
import { tell } from './bridge.ts';

/** The host caps too; counting here keeps a flood from ever crossing. */
const LINES = 1_000;
let lines = 0;
let counts = new Map<string, number>();
let clocks = new Map<string, number>();
let indent = '';

export function resetConsole(): void {
  lines = 0;
  counts = new Map();
  clocks = new Map();
  indent = '';
}

export function installConsole(): void {
  const logger = {
    ...{ debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    ...{ trace: line('debug'), fatal: line('error') },
  };
  const target = globalThis as Record<string, unknown>;
  target.logger = { ...logger, child: () => target.logger };
  target.console = Object.assign(Object.create({}), logger, consoleOnly(logger));
  Object.defineProperty(target.console, Symbol.toStringTag, { value: 'console', configurable: true });
}

const consoleOnly = ({ info, warn, error }: Record<'info' | 'warn' | 'error', Line>) => ({
  ...{
    log: info,
    dir: (value: unknown) => info(value),
    dirxml: info,
    table: (value: unknown) => info(value),
    clear() {},
  },
  assert: (holds?: unknown, ...parts: unknown[]) => {
    if (!holds) error('Assertion failed', ...parts);
  },
  count: (label: unknown = 'default') => {
    const name = `${label}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    info(`${name}: ${counts.get(name)}`);
  },
  countReset: (label: unknown = 'default') => void counts.delete(`${label}`),
  group: (...parts: unknown[]) => group(info, parts),
  groupCollapsed: (...parts: unknown[]) => group(info, parts),
  groupEnd: () => {
    indent = indent.slice(2);
  },
  time: (label: unknown = 'default') => void clocks.set(`${label}`, Date.now()),
  timeLog: (label: unknown = 'default', ...parts: unknown[]) => tellTime(info, warn, `${label}`, parts),
  timeEnd: (label: unknown = 'default') => {
    tellTime(info, warn, `${label}`, []);
    clocks.delete(`${label}`);
  },
});

type Line = (...parts: unknown[]) => void;

const line =
  (level: string): Line =>
  (...parts) => {
    if (lines++ < LINES) tell('log', { level, text: cut(indent + parts.map(show).join(' '), LINE_CHARS) });
  };

function group(say: Line, parts: unknown[]): void {
  if (parts.length > 0) say(...parts);
  if (indent.length < 20) indent += '  ';
}

function tellTime(say: Line, warn: Line, label: string, parts: unknown[]): void {
  const from = clocks.get(label);
  if (from === undefined) warn(`There is no timer "${label}".`);
  else say(`${label}: ${Date.now() - from} ms`, ...parts);
}

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
