import { Blob, bytesOf, File, joined } from './blob.ts';

type Entry = string | File;

/** Fields of a form, in order; a name may come more than once. */
export class FormData {
  private list: [string, Entry][] = [];

  append(name: string, value: unknown, fileName?: string): void {
    this.list.push([String(name), toEntry(value, fileName)]);
  }
  set(name: string, value: unknown, fileName?: string): void {
    const at = this.list.findIndex(([known]) => known === name);
    if (at < 0) return this.append(name, value, fileName);
    this.list[at] = [String(name), toEntry(value, fileName)];
    this.list = this.list.filter(([known], index) => known !== name || index === at);
  }
  get(name: string): Entry | null {
    return this.list.find(([known]) => known === name)?.[1] ?? null;
  }
  getAll(name: string): Entry[] {
    return this.list.filter(([known]) => known === name).map(([, value]) => value);
  }
  has(name: string): boolean {
    return this.list.some(([known]) => known === name);
  }
  delete(name: string): void {
    this.list = this.list.filter(([known]) => known !== name);
  }
  forEach(visit: (value: Entry, name: string, form: FormData) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }
  *entries(): IterableIterator<[string, Entry]> {
    yield* this.list;
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.list) yield name;
  }
  *values(): IterableIterator<Entry> {
    for (const [, value] of this.list) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, Entry]> {
    return this.entries();
  }
  get [Symbol.toStringTag](): string {
    return 'FormData';
  }
}

/** As `multipart/form-data`. */
export function toMultipart(form: FormData): { bytes: Uint8Array; type: string } {
  const boundary = `----formdata-${crypto.randomUUID()}`;
  const parts = [...form].flatMap(([name, value]) => {
    const file = typeof value === 'string' ? '' : `; filename="${quoted(value.name)}"`;
    const type = typeof value === 'string' ? '' : `\r\nContent-Type: ${value.type || 'application/octet-stream'}`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${file}${type}\r\n\r\n`;
    return [head, typeof value === 'string' ? value.replaceAll(/\r\n?|\n/g, '\r\n') : value, '\r\n'];
  });
  return {
    bytes: joined([...parts, `--${boundary}--\r\n`].map(bytesOf)),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

const quoted = (text: string) =>
  text
    .replaceAll(/\r\n?|\n/g, '%0D%0A')
    .replaceAll('\n', '%0A')
    .replaceAll('"', '%22');

function toEntry(value: unknown, fileName: string | undefined): Entry {
  if (!(value instanceof Blob)) return String(value);
  if (value instanceof File && fileName === undefined) return value;
  return new File([value], fileName ?? 'blob', { type: value.type });
}
