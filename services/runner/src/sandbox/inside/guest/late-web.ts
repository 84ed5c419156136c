import { ask, digestOutside, randomBytes, webSource } from './bridge.ts';
import { now, timeOrigin } from './clock.ts';
import { clearTimeout, setTimeout } from './timers.ts';

type Install = (lent: Record<string, object>) => void;

/** What the web's modules may import from this folder: these very ones, for both talk with one host. The names stand in build-inside.mjs, too. */
const LENT = {
  bridge: { ask, digestOutside, randomBytes },
  clock: { now, timeOrigin },
  timers: { clearTimeout, setTimeout },
};

const { defineProperty } = Object;
// biome-ignore lint/security/noGlobalEval: of our own code, which waits outside
const evaluate = eval;
const world = globalThis as Record<string, unknown>;
const offered = new Set<string>();

/** Offers are withdrawn first: packages look whether the system has what they bring. */
export function installWeb(install: Install): void {
  for (const name of offered) delete world[name];
  offered.clear();
  install(LENT);
}

/**
 * Most of an isolate's waking is the web's classes, and many integrations only compute: theirs wake without. Whoever names one in a way
 * that nobody saw beforehand gets all of them at that moment.
 */
export function offerWeb(names: readonly string[]): void {
  for (const name of names) {
    offered.add(name);
    defineProperty(world, name, { configurable: true, get: () => fetchWeb()[name], set: (value) => take(name, value) });
  }
}

function fetchWeb(): Record<string, unknown> {
  installWeb(evaluate(webSource()) as Install);
  return world;
}

function take(name: string, value: unknown): void {
  offered.delete(name);
  defineProperty(world, name, { value, writable: true, configurable: true });
}
