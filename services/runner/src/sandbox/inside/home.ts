import { Globals } from './globals.ts';
import type { Isolate, Script } from './ivm.ts';

const MOST_RUNS = 2_000;
const MOST_AT_ONCE = 8;

/** An isolate that serves one digest, again and again, with a new global for every run. */
export class Home {
  /** compiled once, run in every new global */
  script: Script | undefined;
  private next: Promise<Globals> | undefined;
  private runs = 0;
  private inUse = 1;
  private isClosed = false;

  constructor(readonly isolate: Isolate) {}

  get isIdle(): boolean {
    return this.inUse === 0;
  }

  get hasRoom(): boolean {
    return this.isUsable && this.inUse < MOST_AT_ONCE;
  }

  get isUsable(): boolean {
    return !this.isClosed && !this.isolate.isDisposed && this.runs < MOST_RUNS;
  }

  enter(): Promise<Globals> {
    const globals = this.next ?? Globals.make(this.isolate);
    this.next = undefined;
    this.inUse++;
    return globals;
  }

  leave(globals: Globals): void {
    this.inUse--;
    this.runs++;
    if (this.isolate.isDisposed) return;
    globals.release();
    if (this.isUsable) this.prepare();
    else if (this.isIdle && !this.isolate.isDisposed) this.isolate.dispose();
  }

  /** Takes nobody in any more, and ends with its last run. */
  close(): void {
    this.isClosed = true;
    if (this.isIdle && !this.isolate.isDisposed) this.isolate.dispose();
  }

  private prepare(): void {
    if (this.next !== undefined) return;
    this.next = Globals.make(this.isolate);
    this.next.catch(() => {}); // whoever enters hears of it
  }
}
