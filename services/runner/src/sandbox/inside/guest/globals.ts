import { clearTimeout, setImmediate, setInterval, setTimeout } from './timers.ts';

const { then } = Promise.prototype;
const settled = Promise.resolve();

const globals = {
  ...{ setTimeout, setInterval, setImmediate },
  ...{ clearTimeout, clearInterval: clearTimeout, clearImmediate: clearTimeout },
  ...{ queueMicrotask, require: refuse },
  ...{ global: globalThis, self: globalThis },
};

/** What costs nothing to have. */
export function installGlobals(): void {
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
    if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true });
  }
}

// What it throws is an unhandled rejection and ends the run, as an uncaught error should.
function queueMicrotask(work: () => void): void {
  if (typeof work !== 'function') throw new TypeError('queueMicrotask needs a function.');
  then.call(settled, () => work());
}

function refuse(name: string): never {
  throw new Error(`Cannot load "${name}": only modules that are named literally are bundled with an integration.`);
}
