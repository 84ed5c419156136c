import type { Duplex } from 'node:stream';

const LINE_BREAK = 10;

/**
 * The other end of a child's own channel, which speaks JSON, a value a line. Not Node's end: that one trusts the child. A line that is no
 * JSON would be thrown at nobody and end this process, one without an end would fill it, and some are orders to Node itself.
 */
export class JsonLines {
  /** `undefined`: a line that is none, or has no end; nothing is heard after one that has none */
  onLine: (message: unknown) => void = () => {};
  private parts: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly socket: Duplex,
    private readonly mostBytes: number,
  ) {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', () => {}); // it has ended, or is about to
  }

  send(message: unknown): void {
    if (this.socket.writable) this.socket.write(`${JSON.stringify(message)}\n`);
  }

  private take(chunk: Buffer): void {
    let from = 0;
    for (let to = chunk.indexOf(LINE_BREAK); to >= 0; to = chunk.indexOf(LINE_BREAK, from)) {
      if (!this.keep(chunk.subarray(from, to))) return;
      const line = Buffer.concat(this.parts).toString();
      this.parts = [];
      this.bytes = 0;
      this.onLine(parseOrNothing(line));
      from = to + 1;
    }
    this.keep(chunk.subarray(from));
  }

  private keep(part: Buffer): boolean {
    this.bytes += part.length;
    if (this.bytes <= this.mostBytes) return this.parts.push(part) > 0;
    this.parts = [];
    this.socket.destroy();
    this.onLine(undefined);
    return false;
  }
}

function parseOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
