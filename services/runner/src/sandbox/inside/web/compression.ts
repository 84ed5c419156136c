import { Deflate, Gunzip, Gzip, Inflate, Unzlib, Zlib } from 'fflate';
import { TransformStream } from 'web-streams-polyfill';
import { needArguments } from '../need-arguments.ts';
import { oneOf, toBytes } from './convert.ts';
import { asInterface, takeOver } from './interface.ts';

interface Machine {
  ondata: (bytes: Uint8Array, isLast: boolean) => void;
  push(bytes: Uint8Array, isLast?: boolean): void;
}
type Format = 'gzip' | 'deflate' | 'deflate-raw';
type Machines = Record<Format, new () => Machine>;

const COMPRESSING = { gzip: Gzip, deflate: Zlib, 'deflate-raw': Deflate } as Machines;
const EXPANDING = { gzip: Gunzip, deflate: Unzlib, 'deflate-raw': Inflate } as Machines;

abstract class ByteTransform {
  readonly #stream: TransformStream<Uint8Array, Uint8Array>;

  constructor(machines: Machines, format: unknown) {
    const machine = new machines[oneOf(['gzip', 'deflate', 'deflate-raw'], format, 'The format of compression')]();
    this.#stream = new TransformStream({
      start: (controller) => {
        machine.ondata = (bytes) => {
          if (bytes.byteLength > 0) controller.enqueue(bytes);
        };
      },
      transform: (chunk) => orTypeError(() => machine.push(toBytes(chunk, 'Compression').slice())),
      flush: () => orTypeError(() => machine.push(new Uint8Array(), true)),
    });
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#stream.readable as ReadableStream<Uint8Array>;
  }
  get writable(): WritableStream<Uint8Array> {
    return this.#stream.writable as WritableStream<Uint8Array>;
  }
}

export class CompressionStream extends ByteTransform {
  constructor(format: Format) {
    needArguments(arguments.length, 1, 'CompressionStream');
    super(COMPRESSING, format);
  }
}

export class DecompressionStream extends ByteTransform {
  constructor(format: Format) {
    needArguments(arguments.length, 1, 'DecompressionStream');
    super(EXPANDING, format);
  }
}

takeOver(ByteTransform, CompressionStream, DecompressionStream);
asInterface({ CompressionStream, DecompressionStream });

function orTypeError(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new TypeError(`The bytes are not what they should be: ${(error as Error).message}.`);
  }
}
