export type HeadersLike = Headers | Record<string, string> | Iterable<[string, string]>;

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const UNSAFE = /[\0\r\n]/;

export class Headers {
  private readonly lists = new Map<string, string[]>();

  constructor(init: HeadersLike = {}) {
    const entries = Symbol.iterator in (init as object) ? (init as Iterable<[string, string]>) : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = checkName(name);
    this.lists.set(key, [...(this.lists.get(key) ?? []), checkValue(name, value)]);
  }
  set(name: string, value: string): void {
    this.lists.set(checkName(name), [checkValue(name, value)]);
  }
  get(name: string): string | null {
    return this.lists.get(checkName(name))?.join(', ') ?? null;
  }
  has(name: string): boolean {
    return this.lists.has(checkName(name));
  }
  delete(name: string): void {
    this.lists.delete(checkName(name));
  }
  getSetCookie(): string[] {
    return [...(this.lists.get('set-cookie') ?? [])];
  }
  forEach(visit: (value: string, name: string, headers: Headers) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }
  *entries(): IterableIterator<[string, string]> {
    for (const name of [...this.lists.keys()].sort()) yield [name, this.get(name)!];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this) yield value;
  }
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    yield* this.entries();
  }
}

function checkName(name: string): string {
  if (!TOKEN.test(String(name))) throw new TypeError(`"${String(name)}" is not a header name.`);
  return String(name).toLowerCase();
}

function checkValue(name: string, value: unknown): string {
  const text = String(value).trim();
  if (UNSAFE.test(text)) throw new TypeError(`The value of header "${name}" holds a line break.`);
  return text;
}
