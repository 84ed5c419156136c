import { Buffer } from './buffer.ts';

type Chunks = AsyncIterable<string | Uint8Array>;

export async function buffer(chunks: Chunks): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(all);
}
export const text = async (chunks: Chunks): Promise<string> => (await buffer(chunks)).toString();
export const json = async (chunks: Chunks): Promise<unknown> => JSON.parse(await text(chunks));
export const arrayBuffer = async (chunks: Chunks): Promise<ArrayBuffer> =>
  Uint8Array.from(await buffer(chunks)).buffer as ArrayBuffer;
export const blob = async (chunks: Chunks): Promise<Blob> => new Blob([await arrayBuffer(chunks)]);
export default { buffer, text, json, arrayBuffer, blob };
