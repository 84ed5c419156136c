/** Web IDL's `iterable<key, value>`. */
import { asInterface } from './interface.ts';

/** `entries`, `keys`, `values`, `forEach`, and iteration, over what the list is when the next one is asked for. */
export function asPairs<T extends object>(name: string, prototype: T, pairsOf: PairsOf<T>): void {
  class Iterator {
    #at = 0;
    readonly #of: T;
    readonly #show: Show;
    constructor(of: T, show: Show) {
      this.#of = of;
      this.#show = show;
    }
    next(): IteratorResult<unknown> {
      const pair = pairsOf(this.#of)[this.#at++];
      return pair === undefined ? { value: undefined, done: true } : { value: this.#show(pair), done: false };
    }
  }
  Object.setPrototypeOf(Iterator.prototype, IteratorPrototype);
  asInterface({ [`${name} Iterator`]: Iterator });
  Reflect.deleteProperty(Iterator.prototype, 'constructor');

  const by = (show: Show) => (of: T) => {
    pairsOf(of); // whoever is no such thing hears of it now
    return new Iterator(of, show);
  };
  const [entries, keys, values] = [by(([key, value]) => [key, value]), by(([key]) => key), by(([, value]) => value)];
  Object.assign(prototype, {
    entries(this: T) {
      return entries(this);
    },
    keys(this: T) {
      return keys(this);
    },
    values(this: T) {
      return values(this);
    },
    forEach(this: T, visit: (value: unknown, key: string, of: T) => void, self: unknown = undefined) {
      pairsOf(this);
      if (typeof visit !== 'function') throw new TypeError(`forEach of ${name} needs a function.`);
      for (let at = 0; at < pairsOf(this).length; at++) {
        const [key, value] = pairsOf(this)[at]!;
        visit.call(self, value, key, this);
      }
    },
  });
  const { entries: value } = prototype as Record<string, unknown>;
  Object.defineProperty(prototype, Symbol.iterator, { value, writable: true, configurable: true });
}

type PairsOf<T> = (of: T) => readonly (readonly [string, unknown])[];
type Show = (pair: readonly [string, unknown]) => unknown;

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
