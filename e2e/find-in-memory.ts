import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK = 4_194_304;

/** Which of these texts stand anywhere in the writable memory of a process, as one-byte or two-byte characters. */
export function findInMemory(pid: number, texts: readonly string[]): string[] {
  const found = new Set<string>();
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const [from, to] of writableParts(pid))
      for (let at = from; at < to; at += CHUNK - 1_024) lookAt(memory, at, Math.min(CHUNK, to - at), texts, found);
  } finally {
    closeSync(memory);
  }
  return [...found];
}

function writableParts(pid: number): [from: number, to: number][] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      return rights?.startsWith('rw')
        ? [[Number.parseInt(from!, 16), Number.parseInt(to!, 16)] as [number, number]]
        : [];
    });
}

function lookAt(memory: number, at: number, length: number, texts: readonly string[], found: Set<string>): void {
  const bytes = Buffer.alloc(length);
  try {
    readSync(memory, bytes, 0, length, at);
  } catch {
    return; // a guard page, or gone meanwhile
  }
  for (const text of texts)
    if (bytes.includes(text, 0, 'latin1') || bytes.includes(text, 0, 'utf16le')) found.add(text);
}

/** How a process was started; nothing of one that has ended meanwhile. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
