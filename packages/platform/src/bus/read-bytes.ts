import type { Body } from './bus.ts';

/** A body as a whole. @throws what `tooMuch` makes, as soon as there is more than that many bytes */
export async function readBytes(body: Body, atMost: number, tooMuch: () => Error): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > atMost) throw tooMuch();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
