import { randomBytes } from 'node:crypto';
import { type Context, type Isolate, ivm, type Reference } from './ivm.ts';

export type Dispatch = Reference<(operation: string, ...args: unknown[]) => unknown>;
export type OnAsk = (id: number, kind: string, json: string) => void;

const MOST_RANDOM_BYTES = 65_536;

/** One global object, woken from the snapshot and joined to the host, that waits for its one run. */
export class Globals {
  private onAsk: OnAsk = () => {};

  private constructor(
    readonly context: Context,
    readonly dispatch: Dispatch,
    join: { onAsk: OnAsk },
  ) {
    join.onAsk = (id, kind, json) => this.onAsk(id, kind, json);
  }

  static async make(isolate: Isolate): Promise<Globals> {
    const join: { onAsk: OnAsk } = { onAsk: () => {} };
    const ask = new ivm.Callback((id: number, kind: string, json: string) => join.onAsk(id, kind, json), {
      ignored: true,
    });
    const random = new ivm.Callback((count: number) =>
      randomBytes(Math.min(count, MOST_RANDOM_BYTES)).toString('base64'),
    );
    const context = await isolate.createContext();
    const dispatch = (await context.evalClosure('return globalThis.__wake($0, $1)', [ask, random], {
      result: { reference: true },
    })) as Dispatch;
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
