/**
 * Evaluated once into the snapshots from which every isolate wakes: the platform that integrations see, with the web's APIs in one of
 * them. Only trusted code stands here. `wake` joins one fresh global to the host and disappears before any author's code runs.
 */
import { type HostBridge, installBridge, settle } from './bridge.ts';
import { startClock } from './clock.ts';
import { installConsole } from './console.ts';
import { installGlobals } from './globals.ts';
import { inspectIntegration, runIntegration } from './integration.ts';
import { installWeb, offerWeb } from './late-web.ts';
import { installMemory } from './memory.ts';

type Operation = 'run' | 'inspect' | 'settle';

// Atomics.wait would hold a thread of the host for as long as it likes; what a FinalizationRegistry calls, V8 calls between runs, when
// nobody watches. Deleted on waking: within a snapshot V8 does not survive it.
const NOT_FOR_AUTHORS = ['Atomics', 'SharedArrayBuffer', 'FinalizationRegistry'];

// A spread would go through the iterator of arrays, which authors can replace.
const { apply } = Reflect;

const operations = { run: runIntegration, inspect: inspectIntegration, settle } as Record<
  Operation,
  (...args: never[]) => unknown
>;

installGlobals();
offerWeb(WEB_NAMES);
Object.defineProperty(globalThis, '__web', { configurable: true, value: installWeb });
Object.defineProperty(globalThis, '__wake', {
  configurable: true,
  value: (
    ask: HostBridge['ask'],
    random: HostBridge['random'],
    digest: HostBridge['digest'],
    web: HostBridge['web'],
  ) => {
    for (const name of ['__wake', '__web', ...NOT_FOR_AUTHORS]) delete (globalThis as Record<string, unknown>)[name];
    installBridge({ ask, random, digest, web });
    startClock();
    installConsole();
    installMemory();
    return (operation: Operation, ...args: never[]) => apply(operations[operation], undefined, args);
  },
});
