import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, type Isolate, ivm, type Reference } from './ivm.ts';

export type Dispatch = Reference<(operation: string, ...args: unknown[]) => unknown>;
/** `at`: a stack that tells which of the author's lines asks */
export type OnAsk = (id: number, kind: string, json: string, at: string) => void;

const MOST_RANDOM_BYTES = 65_536;
const WEB = readFileSync(join(import.meta.dirname, 'web.js'), 'utf8');
const DIGESTS = ['sha1', 'sha256', 'sha384', 'sha512', 'md5'];

/** One global object, woken from the snapshot and joined to the host, that waits for its run, or for its next one. */
export class Globals {
  /** the bundle has been evaluated in it */
  isLoaded = false;
  private onAsk: OnAsk = () => {};

  private constructor(
    readonly context: Context,
    readonly dispatch: Dispatch,
    join: { onAsk: OnAsk },
  ) {
    join.onAsk = (...asked) => this.onAsk(...asked);
  }

  static async make(isolate: Isolate): Promise<Globals> {
    const join: { onAsk: OnAsk } = { onAsk: () => {} };
    const ask = new ivm.Callback((...asked: Parameters<OnAsk>) => join.onAsk(...asked), { ignored: true });
    const random = new ivm.Callback((count: number) =>
      randomBytes(Math.min(count, MOST_RANDOM_BYTES)).toString('base64'),
    );
    const digest = new ivm.Callback(digestNow);
    const web = new ivm.Callback(() => WEB);
    const context = await isolate.createContext();
    const dispatch = (await context.evalClosure(
      'return globalThis.__wake($0, $1, $2, $3)',
      [ask, random, digest, web],
      {
        result: { reference: true },
      },
    )) as Dispatch;
    return new Globals(context, dispatch, join);
  }

  listen(onAsk: OnAsk): void {
    this.onAsk = onAsk;
  }

  release(): void {
    this.onAsk = () => {};
    this.dispatch.release();
    this.context.release();
  }
}

// The guest keeps to what is asked for here; whoever has broken out of it costs only its own process.
function digestNow(name: string, bytes: string, key?: string): string | undefined {
  if (!DIGESTS.includes(name)) return undefined; // an error would tell where this program lies
  const digest = key === undefined ? createHash(name) : createHmac(name, Buffer.from(key, 'latin1'));
  return digest.update(bytes, 'latin1').digest('latin1');
}
