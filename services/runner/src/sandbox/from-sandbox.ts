import type { ContextRead } from '@fingerpost/contracts';
import {
  type EffectRequest,
  type FromSandbox,
  MOST_READS,
  type SandboxFailure,
  type SandboxResult,
} from './protocol.ts';

/**
 * Reads what a sandbox process says. The process is not trusted: what is not exactly of the protocol's shape is nothing at all, and
 * whoever says it has been taken over.
 */
export function readFromSandbox(value: unknown): FromSandbox | undefined {
  if (!isRecord(value)) return undefined;
  if (value.say === 'ready') return isListOf(value.missingWalls, isText) ? (value as FromSandbox) : undefined;
  if (value.say === 'load') return isListOf(value.runs, isLoad) ? (value as FromSandbox) : undefined;
  // As a key `['log']` is `log`, and so is much else.
  if (typeof value.say !== 'string' || !Number.isSafeInteger(value.id)) return undefined;
  const isOfShape = Object.hasOwn(SHAPES, value.say) ? SHAPES[value.say as keyof typeof SHAPES] : undefined;
  return isOfShape?.(value) === true ? (value as FromSandbox) : undefined;
}

const SHAPES: Record<Exclude<FromSandbox['say'], 'ready' | 'load'>, (message: Record<string, unknown>) => boolean> = {
  done: ({ result }) => isRecord(result) && isResult(result),
  inspected: ({ found }) =>
    isRecord(found) && typeof found.hasRun === 'boolean' && typeof found.hasShouldRun === 'boolean',
  failed: ({ failure, isStuck }) =>
    isRecord(failure) && isFailure(failure) && (isStuck === undefined || isStuck === true),
  effect: ({ effect, request }) => Number.isSafeInteger(effect) && isRecord(request) && isEffect(request),
  log: ({ level, text }) => isOneOf(level, ['debug', 'info', 'warn', 'error']) && isText(text),
};

const FAILURES: SandboxFailure['code'][] = [
  'run.failed',
  'run.timed_out',
  'run.out_of_cpu',
  'run.out_of_memory',
  'run.result_too_large',
  'run.disturbed',
  'runner.full',
];

function isFailure({ code, message, stack, causedBy }: Record<string, unknown>): boolean {
  return isOneOf(code, FAILURES) && isText(message) && isTextOrAbsent(stack) && isTextOrAbsent(causedBy);
}

/** The insights are checked where they are used; so is the metadata of an inspection. */
function isResult(result: Record<string, unknown>): boolean {
  const { reads, hasRemembered, cacheSeconds, tookMs } = result as Partial<SandboxResult>;
  return (
    (reads === undefined || (isListOf(reads, isRead) && reads.length <= MOST_READS)) &&
    (hasRemembered === undefined || typeof hasRemembered === 'boolean') &&
    (cacheSeconds === undefined || (typeof cacheSeconds === 'number' && cacheSeconds >= 0)) &&
    (tookMs === undefined || typeof tookMs === 'number')
  );
}

function isRead(value: unknown): boolean {
  const { how, path } = (isRecord(value) ? value : {}) as Partial<ContextRead>;
  return isOneOf(how, ['value', 'shape', 'has', 'keys']) && isListOf(path, isText);
}

function isEffect(request: Record<string, unknown>): boolean {
  const { kind, method, url, headers, body, redirect, key, ttlSeconds } = request as Partial<Record<string, unknown>>;
  switch (kind as EffectRequest['kind']) {
    case 'fetch':
      return (
        [method, url].every(isText) &&
        isListOf(headers, isHeader) &&
        isTextOrAbsent(body) &&
        isOneOf(redirect, ['follow', 'manual', 'error'])
      );
    case 'recall':
      return isText(key);
    case 'remember':
      return isText(key) && typeof ttlSeconds === 'number';
    default:
      return false;
  }
}

const isLoad = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[0]) && Number.isFinite(value[1]);
const isHeader = (value: unknown): boolean => isListOf(value, isText) && value.length === 2;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): value is unknown[] =>
  Array.isArray(value) && value.every(isItem);
const isOneOf = (value: unknown, known: readonly string[]): boolean => known.includes(value as string);
