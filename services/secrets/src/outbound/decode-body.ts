import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Fault } from '@fingerpost/contracts';

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

/**
 * The body as the author reads it, counted as it comes out: a few kilobytes can unpack to gigabytes.
 * @throws Fault `outbound.too_large` as soon as `atMost` bytes are passed
 */
export async function* decodeBody(
  body: Readable,
  encoding: string | undefined,
  atMost: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of encoding === undefined ? body : unpack(body, encoding)) {
    bytes += (chunk as Uint8Array).byteLength;
    if (!(bytes <= atMost)) throw new Fault('outbound.too_large', `The answer has more than ${atMost} bytes.`);
    yield chunk as Uint8Array;
  }
}

/** `undefined`: nothing to unpack. One encoding that we know, asked for or not: a stack of them is a bomb's way. */
export function encodingOf(header: string | string[] | undefined, host: string): string | undefined {
  const encoding = String(header ?? 'identity')
    .trim()
    .toLowerCase();
  if (encoding === 'identity' || encoding === '') return undefined;
  if (!Object.hasOwn(DECODERS, encoding))
    throw new Fault('outbound.failed', `${host} answered in an encoding that nobody here can read.`);
  return encoding;
}

// An error, and a reader who stops, end both streams: the connection does not wait for anybody.
async function* unpack(body: Readable, encoding: string): AsyncGenerator<unknown> {
  const decoder = DECODERS[encoding as keyof typeof DECODERS]();
  try {
    yield* pipeline(body, decoder, () => {});
  } catch (error) {
    // No bytes at all are an empty answer, whatever its headers say of it.
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR' || decoder.bytesWritten > 0) throw error;
  }
}
