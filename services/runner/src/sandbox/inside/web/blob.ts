import { TextDecoder, TextEncoder } from '@exodus/bytes/encoding.js';
import { ReadableStream } from 'web-streams-polyfill';
import { needArguments } from '../need-arguments.ts';
import type { AbortSignal } from './abort.ts';
import { isObject, oneOf, toBytes, toOptions, toText } from './convert.ts';
import { asInterface } from './interface.ts';

export type BlobPart = string | ArrayBuffer | ArrayBufferView | Blob;

interface BlobOptions {
  type?: string;
  endings?: 'transparent' | 'native';
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let blobBytes: (blob: Blob) => Uint8Array;

/** Bytes that do not change, with a media type. */
export class Blob {
  static {
    blobBytes = (blob) => blob.#bytes;
  }

  readonly #bytes: Uint8Array;
  readonly #type: string;

  constructor(parts: Iterable<BlobPart> = [], options: BlobOptions = {}) {
    const items = partsOf(parts);
    const { endings = 'transparent', type = '' } = toOptions(options, 'Options of a Blob');
    const isNative = oneOf(['transparent', 'native'], endings, 'The option endings') === 'native';
    this.#bytes = joined(
      items.map((part) => bytesOf(isNative && typeof part === 'string' ? part.replaceAll(/\r\n?/g, '\n') : part)),
    );
    this.#type = toType(type);
  }

  get size(): number {
    return this.#bytes.byteLength;
  }
  get type(): string {
    return this.#type;
  }

  slice(start = 0, end = this.size, type = ''): Blob {
    const [from, to] = [fromEnd(start, this.size), fromEnd(end, this.size)];
    return new Blob([this.#bytes.subarray(from, Math.max(from, to))] as Uint8Array<ArrayBuffer>[], { type });
  }

  async bytes(): Promise<Uint8Array> {
    return this.#bytes.slice();
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer as ArrayBuffer;
  }
  async text(): Promise<string> {
    return decoder.decode(this.#bytes);
  }
  stream(): ReadableStream<Uint8Array> {
    return streamOf(this.#bytes);
  }
}

export class File extends Blob {
  readonly #name: string;
  readonly #lastModified: number;

  constructor(parts: Iterable<BlobPart>, name: string, options: BlobOptions & { lastModified?: number } = {}) {
    needArguments(arguments.length, 2, 'File');
    if (parts === undefined) throw new TypeError('A File is made of a list of parts.');
    super(parts, options);
    this.#name = toText(name);
    this.#lastModified = Math.trunc(Number(options?.lastModified ?? Date.now())) || 0;
  }

  get name(): string {
    return this.#name;
  }
  get lastModified(): number {
    return this.#lastModified;
  }
  get webkitRelativePath(): string {
    return '';
  }
}

asInterface({ Blob, File });

/** A stream of one chunk, copied when somebody reads it, if nobody has aborted until then. */
export function streamOf(bytes: Uint8Array, signal?: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      signal?.throwIfAborted();
      if (bytes.byteLength > 0) controller.enqueue(bytes.slice() as Uint8Array<ArrayBuffer>);
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}

export function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

/** A copy of the bytes of what holds them at once; a blob's are its own. */
export function bytesOf(part: BlobPart): Uint8Array {
  if (part instanceof Blob) return blobBytes(part);
  return typeof part === 'string' ? encoder.encode(part) : toBytes(part, 'A Blob').slice();
}

/** Anything else becomes text now, not when it is read. */
function partsOf(parts: Iterable<BlobPart>): BlobPart[] {
  if (!isObject(parts) || parts[Symbol.iterator] == null) throw new TypeError('A Blob is made of a list of parts.');
  const items: BlobPart[] = [];
  for (const part of parts)
    items.push(part instanceof Blob || part instanceof ArrayBuffer || ArrayBuffer.isView(part) ? part : toText(part));
  return items;
}

function toType(type: unknown): string {
  const text = `${type as string}`;
  return /[^\x20-\x7e]/.test(text) ? '' : text.toLowerCase();
}

// Halves go to the even side, as the web counts.
function fromEnd(at: number, size: number): number {
  const rounded = Math.round(Number(at)) || 0;
  const place = rounded - at === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  return place < 0 ? Math.max(0, size + place) : Math.min(place, size);
}
