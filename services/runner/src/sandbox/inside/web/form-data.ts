import { needArguments } from '../need-arguments.ts';
import { Blob, File } from './blob.ts';
import { toText } from './convert.ts';
import { asInterface } from './interface.ts';
import { asPairs } from './pairs.ts';

type Entry = string | File;
type Pair = readonly [string, Entry];

/** In order, as they are sent. */
export let entriesOf: (form: FormData) => readonly Pair[];

/** Fields of a form, in order; a name may come more than once. */
export class FormData {
  static {
    entriesOf = (form) => form.#list;
  }

  #list: Pair[] = [];

  constructor(form?: unknown) {
    if (form !== undefined) throw new TypeError('There are no forms in the sandbox; FormData takes nothing.');
  }

  append(name: string, value: unknown, fileName?: string): void {
    needArguments(arguments.length, 2, 'FormData.append');
    this.#list.push(toPair(name, value, fileName, arguments.length > 2));
  }
  set(name: string, value: unknown, fileName?: string): void {
    needArguments(arguments.length, 2, 'FormData.set');
    const pair = toPair(name, value, fileName, arguments.length > 2);
    const at = this.#list.findIndex(([known]) => known === pair[0]);
    if (at < 0) this.#list.push(pair);
    else this.#list = this.#list.flatMap((old, index) => (index === at ? [pair] : old[0] === pair[0] ? [] : [old]));
  }
  get(name: string): Entry | null {
    needArguments(arguments.length, 1, 'FormData.get');
    return this.getAll(name)[0] ?? null;
  }
  getAll(name: string): Entry[] {
    needArguments(arguments.length, 1, 'FormData.getAll');
    const wanted = toText(name);
    return this.#list.filter(([known]) => known === wanted).map(([, value]) => value);
  }
  has(name: string): boolean {
    needArguments(arguments.length, 1, 'FormData.has');
    return this.getAll(name).length > 0;
  }
  delete(name: string): void {
    needArguments(arguments.length, 1, 'FormData.delete');
    const unwanted = toText(name);
    this.#list = this.#list.filter(([known]) => known !== unwanted);
  }
}

asPairs('FormData', FormData.prototype, entriesOf);
asInterface({ FormData });

function toPair(name: string, value: unknown, fileName: string | undefined, isNamed: boolean): Pair {
  if (value instanceof Blob) return [toText(name), toFile(value, fileName)];
  if (isNamed) throw new TypeError('Only a Blob or a File has a file name.');
  return [toText(name), toText(value)];
}

function toFile(blob: Blob, fileName: string | undefined): File {
  if (blob instanceof File && fileName === undefined) return blob;
  const { type } = blob;
  const lastModified = blob instanceof File ? blob.lastModified : undefined;
  return new File([blob], fileName === undefined ? 'blob' : toText(fileName), { type, lastModified });
}
