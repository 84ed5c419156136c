import { TextDecoder, TextEncoder } from '@exodus/bytes/encoding.js';

export type BlobPart = string | ArrayBuffer | ArrayBufferView | Blob;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let blobBytes: (blob: Blob) => Uint8Array;

/** Bytes that do not change, with a media type. */
export class Blob {
  static {
    blobBytes = (blob) => blob.#bytes;
  }

  readonly #bytes: Uint8Array;
  readonly type: string;

  constructor(parts: Iterable<BlobPart> = [], { type = '' }: { type?: string } = {}) {
    this.#bytes = joined([...parts].map(bytesOf));
    this.type = /[^\x20-\x7e]/.test(type) ? '' : String(type).toLowerCase();
  }

  get size(): number {
    return this.#bytes.byteLength;
  }

  slice(start = 0, end = this.size, type = ''): Blob {
    return new Blob([this.#bytes.slice(fromEnd(start, this.size), fromEnd(end, this.size))], { type });
  }

  async bytes(): Promise<Uint8Array> {
    return this.#bytes.slice();
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer as ArrayBuffer;
  }

  async text(): Promise<string> {
    return decoder.decode(this.#bytes);
  }

  stream(): ReadableStream<Uint8Array> {
    return streamOf(() => this.bytes());
  }

  get [Symbol.toStringTag](): string {
    return 'Blob';
  }
}

export class File extends Blob {
  readonly lastModified: number;

  constructor(
    parts: Iterable<BlobPart>,
    readonly name: string,
    options: { type?: string; lastModified?: number } = {},
  ) {
    super(parts, options);
    this.lastModified = options.lastModified ?? Date.now();
  }

  override get [Symbol.toStringTag](): string {
    return 'File';
  }
}

/** A stream of one chunk, read when somebody reads it. */
export function streamOf(read: () => Promise<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const bytes = await read();
      if (bytes.byteLength > 0) controller.enqueue(bytes);
      controller.close();
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
export function bytesOf(part: Exclude<BlobPart, Blob> | Blob): Uint8Array {
  if (part instanceof Blob) return blobBytes(part);
  if (part instanceof ArrayBuffer) return new Uint8Array(part.slice(0));
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice();
  return encoder.encode(String(part));
}

const fromEnd = (at: number, size: number) => (at < 0 ? Math.max(0, size + at) : Math.min(at, size));
