/** What the web's interfaces have in common, and classes of JavaScript have not. */

/** Names (the bundler keeps none, and packages look at them), tags, and members that are seen when counted. */
export function asInterface(classes: Record<string, { prototype: object }>): void {
  for (const [name, made] of Object.entries(classes)) {
    const { prototype } = made;
    Object.defineProperty(made, 'name', { value: name, configurable: true });
    Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
    show(prototype, ['constructor']);
    show(made, ['prototype', 'length', 'name']);
  }
}

function show(place: object, others: string[]): void {
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(place)))
    if (!others.includes(key)) Object.defineProperty(place, key, { ...descriptor, enumerable: true });
}

/** What a class has from another becomes its own: the web shows no class between. */
export function takeOver(from: { prototype: object }, ...classes: { prototype: object }[]): void {
  const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(from.prototype);
  for (const { prototype } of classes) {
    Object.defineProperties(prototype, members);
    Object.setPrototypeOf(prototype, Object.prototype);
  }
}

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

export const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Options of a call: nothing is no options. */
export function toOptions<T extends object>(value: T | null | undefined, what: string): Partial<T> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new TypeError(`${what} must be an object.`);
  return value;
}

/** Text without half characters. Not `String`, which takes a symbol. */
export const toText = (value: unknown): string => `${value as string}`.toWellFormed();

export function oneOf<T extends string>(allowed: readonly T[], value: unknown, what: string): T {
  const text = `${value as string}` as T;
  if (!allowed.includes(text)) throw new TypeError(`${what} is one of ${allowed.join(', ')}; not "${text}".`);
  return text;
}
