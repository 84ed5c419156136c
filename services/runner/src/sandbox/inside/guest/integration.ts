import type { Json, Viewer } from '@fingerpost/contracts';
import { cut } from '../cut.ts';
import { tooLarge } from '../too-large.ts';
import { whatInstead } from './absent.ts';
import { resetBridge } from './bridge.ts';
import { resetConsole } from './console.ts';
import { hasUsedMemory, resetMemory } from './memory.ts';
import { Recorder } from './recorder.ts';
import { resetTimers } from './timers.ts';

/** What an author's file exports, in either style. */
interface Integration {
  metadata?: { match?: { context?: Record<string, { pattern?: unknown }> }; cache?: unknown };
  shouldRun?: (context: object) => unknown;
  run?: (context: object, secrets: object, dataFiles: unknown[], viewer?: Viewer) => unknown;
}

const { parse, stringify } = JSON;

/** @returns JSON of a SandboxResult, or of `{ failure }`: an author's error is read in here, where its getters cost only this run */
export async function runIntegration(
  mostChars: number,
  contextJson: string,
  secretsJson: string,
  dataJson: string,
  viewerJson: string,
): Promise<string> {
  try {
    return notTooLarge(await run(contextJson, secretsJson, dataJson, viewerJson), mostChars);
  } catch (error) {
    return notTooLarge(describeFailure(error), mostChars);
  }
}

/** @returns JSON of an InspectReply, or of `{ failure }` */
export function inspectIntegration(mostChars: number): string {
  try {
    return notTooLarge(inspect(), mostChars);
  } catch (error) {
    return notTooLarge(describeFailure(error), mostChars);
  }
}

async function run(contextJson: string, secretsJson: string, dataJson: string, viewerJson: string): Promise<string> {
  const startedAt = Date.now();
  beginRun();
  const integration = exported();
  const recorder = new Recorder();
  const context = recorder.watch(parse(contextJson) as Record<string, Json>);

  let insights: unknown;
  if (doPatternsFit(integration, context) && (await shouldRun(integration, context))) {
    const viewer = viewerJson === '' ? undefined : (parse(viewerJson) as Viewer);
    insights = await integration.run!(
      context,
      declared(parse(secretsJson)),
      dataJson === '' ? [] : parse(dataJson),
      viewer,
    );
  }
  const { cache } = integration.metadata ?? {};
  return stringify({
    insights: insights ?? [],
    reads: recorder.reads(),
    hasRemembered: hasUsedMemory(),
    cacheSeconds: cache !== cacheAtFirst && isLifetime(cache) ? cache : undefined,
    tookMs: Date.now() - startedAt,
  });
}

/** Whoever asks for another hears of it: `undefined` in a header is a riddle to the author and to the API. */
function declared(secrets: object): object {
  return new Proxy(secrets, {
    get: (target, name, receiver) => {
      if (typeof name === 'string' && /^[A-Z][A-Z0-9_]+$/.test(name) && !(name in target))
        console.warn(`secrets.${name} is undefined: add ${name} to requiredSecrets in the metadata.`);
      return Reflect.get(target, name, receiver);
    },
  });
}

/** Characters, so at least as many bytes. Found out in here: copying it out would hold up everybody in the process. */
const notTooLarge = (json: string, mostChars: number): string =>
  json.length <= mostChars
    ? json
    : `{"failure":{"code":"run.result_too_large","message":"${tooLarge(json.length, mostChars)}"}}`;

/**
 * In a warm global runs follow one another, one at a time: what is counted by the run begins anew. The first goes on with what loading
 * the file began.
 */
function beginRun(): void {
  if (hasRun) {
    resetBridge();
    resetConsole();
    resetMemory();
    resetTimers();
  } else {
    hasRun = true;
    cacheAtFirst = exported().metadata?.cache;
  }
}

let hasRun = false;
let cacheAtFirst: unknown;

const isLifetime = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

function inspect(): string {
  const integration = exported();
  return stringify(
    {
      metadata: integration.metadata ?? null,
      hasRun: typeof integration.run === 'function',
      hasShouldRun: integration.shouldRun !== undefined && integration.shouldRun !== null,
    },
    (_key, value: unknown) => {
      if (Object.prototype.toString.call(value) === '[object RegExp]')
        return { $pattern: { source: (value as RegExp).source, flags: (value as RegExp).flags } };
      return typeof value === 'function' ? { $function: value.name } : value;
    },
  );
}

function exported(): Integration {
  const { __loadError } = globalThis as { __loadError?: { error: unknown } };
  if (__loadError !== undefined) throw __loadError.error;
  const bundle = (globalThis as { __integration?: Integration & { default?: Integration } }).__integration;
  return bundle?.default ?? bundle ?? {};
}

/**
 * The registry judges patterns in linear time and lets those pass that cannot be judged so. Here they cost only this run's own time.
 */
function doPatternsFit(integration: Integration, context: object): boolean {
  return Object.entries(integration.metadata?.match?.context ?? {}).every(([path, rule]) => {
    if (Object.prototype.toString.call(rule?.pattern) !== '[object RegExp]') return true;
    const { source, flags } = rule.pattern as RegExp;
    const value = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], context);
    // Without g and y: a pattern that remembers where it was would match every other page.
    return typeof value === 'string' && new RegExp(source, flags.replace(/[gy]/g, '')).test(value);
  });
}

// Like ToolJump: a `shouldRun` that fails means no.
async function shouldRun(integration: Integration, context: object): Promise<boolean> {
  if (typeof integration.shouldRun !== 'function') return true;
  try {
    return Boolean(await integration.shouldRun(context));
  } catch (error) {
    console.error('shouldRun failed:', error);
    return false;
  }
}

function describeFailure(error: unknown): string {
  const isError = Object.prototype.toString.call(error) === '[object Error]' || error instanceof Error;
  const { name, message, stack, code } = (
    isError ? error : { name: 'Error', message: `threw ${String(error)}` }
  ) as Error & { code?: unknown };
  return stringify({
    failure: {
      code: 'run.failed',
      message: cut(`${String(name)}: ${String(message)}${whatInstead(name, message)}`, 1_000),
      causedBy: typeof code === 'string' ? code : undefined,
      stack: stack === undefined ? undefined : cut(String(stack), 4_000),
    },
  });
}
