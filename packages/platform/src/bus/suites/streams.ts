import { createHash, randomFillSync } from 'node:crypto';
import type { Body } from '../bus.ts';

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export const join = async (body: Body): Promise<Uint8Array> => Buffer.concat(await collect(body));

export async function* of(...parts: Uint8Array[]): Body {
  yield* parts;
}

export async function* numbers(count: number, value?: unknown): AsyncGenerator<unknown> {
  for (let number = 0; number < count; number++) yield value ?? number;
}

/** So many chunks of 1 kB; tells of each that is asked for, and when it is left. */
export async function* counted(count: number, onChunk: () => void, onLeft: () => void = () => {}): Body {
  try {
    for (let chunk = 0; chunk < count; chunk++) {
      onChunk();
      yield noise(1_000);
    }
  } finally {
    onLeft();
  }
}

export const noise = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
