import { Buffer } from './buffer.ts';

export type Bytes = string | Uint8Array | ArrayBuffer;

type Digest = (name: string, bytes: Uint8Array, key?: Uint8Array) => Uint8Array;

/** The sandbox's own, in machine code where that can be had. */
export const digestSync = (name: string, chunks: Uint8Array[], key?: Uint8Array): Uint8Array =>
  (globalThis.crypto as unknown as { digestSync: Digest }).digestSync(name, Buffer.concat(chunks), key);

// Copied: what is digested later is what was given.
export const toBytes = (data: Bytes, encoding?: string): Uint8Array =>
  typeof data === 'string'
    ? Buffer.from(data, encoding as BufferEncoding)
    : new Uint8Array(Buffer.from(data as Uint8Array));
