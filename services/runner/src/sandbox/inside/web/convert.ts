/** Web IDL's conversions: what the web makes of an argument. */
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

/** A view on the bytes that the argument holds, not a copy. `what`: the subject of the sentence that refuses anything else */
export function toBytes(value: unknown, what: string): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) throw new TypeError(`${what} works on bytes: an ArrayBuffer, or a view.`);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
