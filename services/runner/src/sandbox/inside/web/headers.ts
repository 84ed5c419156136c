import { needArguments } from '../need-arguments.ts';
import { isObject } from './convert.ts';
import { asInterface } from './interface.ts';
import { asPairs } from './pairs.ts';

export type HeadersLike = Headers | Record<string, string> | Iterable<[string, string]>;
type Pair = readonly [string, string];

/** A name or a method, as HTTP spells it. */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const UNSAFE = /[\0\r\n]/;
const AROUND = /^[\t\n\r ]+|[\t\n\r ]+$/g;
const SET_COOKIE = 'set-cookie';

/** Makes them immutable. */
export let seal: (headers: Headers) => Headers;
/** By name, and cookies one by one. */
export let sortedPairs: (headers: Headers) => readonly Pair[];

export class Headers {
  static {
    seal = (headers) => {
      headers.#isSealed = true;
      return headers;
    };
    sortedPairs = (headers) => (headers.#sorted ??= headers.#sort());
  }

  readonly #lists = new Map<string, string[]>();
  #sorted: readonly Pair[] | undefined;
  #isSealed = false;

  constructor(init: HeadersLike = {}) {
    for (const [name, value] of pairsOf(init)) this.append(name, value);
  }

  append(name: string, value: string): void {
    needArguments(arguments.length, 2, 'Headers.append');
    const [key, text] = checked(name, value);
    this.#change(key, [...(this.#lists.get(key) ?? []), text]);
  }
  set(name: string, value: string): void {
    needArguments(arguments.length, 2, 'Headers.set');
    const [key, text] = checked(name, value);
    this.#change(key, [text]);
  }
  get(name: string): string | null {
    needArguments(arguments.length, 1, 'Headers.get');
    return this.#lists.get(checkName(name))?.join(', ') ?? null;
  }
  has(name: string): boolean {
    needArguments(arguments.length, 1, 'Headers.has');
    return this.#lists.has(checkName(name));
  }
  delete(name: string): void {
    needArguments(arguments.length, 1, 'Headers.delete');
    this.#change(checkName(name), undefined);
  }
  getSetCookie(): string[] {
    return [...(this.#lists.get(SET_COOKIE) ?? [])];
  }

  #change(key: string, values: string[] | undefined): void {
    if (this.#isSealed) throw new TypeError('These headers cannot be changed; make new ones of them.');
    this.#sorted = undefined;
    if (values === undefined) this.#lists.delete(key);
    else this.#lists.set(key, values);
  }

  // Cookies one by one: they may hold commas.
  #sort(): Pair[] {
    return [...this.#lists.keys()]
      .sort()
      .flatMap((name) =>
        name === SET_COOKIE
          ? this.#lists.get(name)!.map((value): Pair => [name, value])
          : [[name, this.#lists.get(name)!.join(', ')]],
      );
  }
}

asPairs('Headers', Headers.prototype, sortedPairs!);
asInterface({ Headers });

function pairsOf(init: unknown): Pair[] {
  if (!isObject(init)) throw new TypeError('Headers are made of an object, or of a list of pairs.');
  const isList = (init as { [Symbol.iterator]?: unknown })[Symbol.iterator] != null;
  return isList ? [...(init as Iterable<Iterable<unknown>>)].map(toPair) : pairsOfRecord(init);
}

function toPair(item: Iterable<unknown>): Pair {
  if (!isObject(item)) throw new TypeError('A header is a pair of name and value.');
  const pair = [...item];
  if (pair.length !== 2) throw new TypeError('A header is a pair of name and value.');
  return [toBytes(pair[0]), toBytes(pair[1])];
}

function pairsOfRecord(record: object): Pair[] {
  const pairs = new Map<string, string>();
  for (const key of Reflect.ownKeys(record)) {
    if (Reflect.getOwnPropertyDescriptor(record, key)?.enumerable !== true) continue;
    pairs.set(toBytes(key), toBytes((record as Record<string | symbol, unknown>)[key]));
  }
  return [...pairs];
}

function checked(name: unknown, value: unknown): Pair {
  const [key, text] = [checkName(name), toBytes(value).replaceAll(AROUND, '')];
  if (UNSAFE.test(text)) throw new TypeError(`The value of header "${key}" holds a line break.`);
  return [key, text];
}

function checkName(name: unknown): string {
  const text = toBytes(name);
  if (!TOKEN.test(text)) throw new TypeError(`"${text}" is not a header name.`);
  return text.toLowerCase();
}

/** Text of which each character is a byte. */
function toBytes(value: unknown): string {
  const text = `${value as string}`;
  for (let at = 0; at < text.length; at++)
    if (text.charCodeAt(at) > 255) throw new TypeError('Headers hold Latin-1 only; encode what lies beyond.');
  return text;
}
