import { Globals } from './globals.ts';
import type { Isolate, Script } from './ivm.ts';

const MOST_RUNS = 2_000;
const MOST_AGE_MS = 600_000;
const MOST_AT_ONCE = 8;
/** Where the process has no heap for another isolate. */
const MOST_CROWDED = 24;
const MOST_IDLE = 4;
const HEAP_CHECK_RUNS = 20;
/** Of the isolate's limit. V8 tries harder and harder to stay below: long before, a new isolate is cheaper. */
const MOST_HEAP = 0.6;

/**
 * An isolate that serves one digest, again and again: with a new global for every run (`clean`), or with one that has been used before
 * (`warm`). It ends after a time, a number of runs, or when its heap has grown.
 */
export class Home {
  /** compiled once, run in every new global */
  script: Script | undefined;
  private readonly idle: Promise<Globals>[] = [];
  private readonly bornAt = Date.now();
  private runs = 0;
  private inUse = 1;
  /** who waits to hear whether it may crowd in: all of them might be let in */
  private asking = 0;
  private isClosed = false;

  constructor(
    readonly isolate: Isolate,
    readonly owner: string,
    /** a global that was used may serve again */
    private readonly isWarm: boolean,
    /** what its globals may hold on to: whoever brings others gets another home */
    readonly secrets: string,
    readonly memoryMb: number,
  ) {}

  get isIdle(): boolean {
    return this.inUse === 0;
  }

  get hasRoom(): boolean {
    return this.isUsable && this.inUse < MOST_AT_ONCE;
  }

  /** Whether one more than usual may come in: as long as its heap has room for one more like those inside. */
  async mayCrowd(): Promise<boolean> {
    if (!this.isUsable || this.inUse + this.asking >= MOST_CROWDED) return false;
    const [inside, before] = [this.inUse, ++this.asking];
    const used = await this.heapUsed().finally(() => this.asking--);
    return this.isUsable && used * (1 + before / inside) <= this.mostHeap;
  }

  get isUsable(): boolean {
    const isYoung = this.runs < MOST_RUNS && Date.now() - this.bornAt < MOST_AGE_MS;
    return !this.isClosed && !this.isolate.isDisposed && isYoung;
  }

  enter(): Promise<Globals> {
    this.inUse++;
    return this.idle.pop() ?? Globals.make(this.isolate);
  }

  /** `isAnswered`: the run ended well; what a failed one left behind is for nobody. */
  leave(globals: Globals, isAnswered: boolean): void {
    this.inUse--;
    this.runs++;
    if (this.isolate.isDisposed) return;
    if (this.runs % HEAP_CHECK_RUNS === 0) void this.checkHeap();
    const isKept = this.isWarm && isAnswered && this.isUsable && this.idle.length < MOST_IDLE;
    if (isKept) this.idle.push(Promise.resolve(globals));
    else globals.release();
    if (this.isUsable) this.prepare();
    else this.endIfIdle();
  }

  /** Takes nobody in any more, and ends with its last run. */
  close(): void {
    this.isClosed = true;
    this.endIfIdle();
  }

  private prepare(): void {
    if (this.idle.length > 0) return;
    const next = Globals.make(this.isolate);
    next.catch(() => {}); // whoever enters hears of it
    this.idle.push(next);
  }

  private async checkHeap(): Promise<void> {
    if ((await this.heapUsed()) > this.mostHeap) this.close();
  }

  private async heapUsed(): Promise<number> {
    const { used_heap_size, externally_allocated_size } = await this.isolate.getHeapStatistics().catch(() => EMPTY);
    return used_heap_size + externally_allocated_size;
  }

  private get mostHeap(): number {
    return MOST_HEAP * this.memoryMb * 1_048_576;
  }

  private endIfIdle(): void {
    if (this.isIdle && !this.isolate.isDisposed) this.isolate.dispose();
  }
}

const EMPTY = { used_heap_size: 0, externally_allocated_size: 0 };
