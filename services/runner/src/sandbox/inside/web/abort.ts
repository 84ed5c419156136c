import { setTimeout } from '../guest/timers.ts';
import { needArguments } from '../need-arguments.ts';
import { Event, EventTarget, fire, type Listener } from './events.ts';
import { asInterface } from './interface.ts';

const CREATE = Symbol('create');
const LONGEST_MS = 2 ** 31 - 1;

let abort: (signal: AbortSignal, reason: unknown) => void;
/** An own signal that follows others. */
export let follow: (signals: readonly AbortSignal[]) => AbortSignal;

export class AbortSignal extends EventTarget {
  static {
    abort = (signal, reason) => {
      if (signal.#isAborted) return;
      const all = [signal, ...signal.#liveFollowers()].filter((one) => !one.#isAborted);
      for (const one of all) {
        one.#isAborted = true;
        one.#reason = reason;
      }
      for (const one of all) fire('abort', one);
      signal.#followers.clear();
      signal.#heard.clear();
    };

    follow = (signals) => {
      const followed = new AbortSignal(CREATE);
      const aborted = signals.find((signal) => signal.#isAborted);
      if (aborted !== undefined) {
        followed.#isAborted = true;
        followed.#reason = aborted.#reason;
        return followed;
      }
      // A follower's own sources, and not itself: no chain keeps what nobody else does.
      followed.#sources = [...new Set(signals.flatMap((signal) => signal.#sources ?? [signal]))];
      for (const source of followed.#sources) source.#takeFollower(followed);
      return followed;
    };
  }

  #isAborted = false;
  #reason: unknown;
  #onabort: Listener | null = null;
  #hasHandler = false;
  #sources: AbortSignal[] | undefined;
  /** weakly: a signal that lives long would collect those of every call */
  readonly #followers = new Set<WeakRef<AbortSignal>>();
  /** those that somebody listens to */
  readonly #heard = new Set<AbortSignal>();
  #mostFollowers = 32;

  constructor(key: unknown = undefined) {
    if (key !== CREATE) throw new TypeError('Use an AbortController.');
    super();
  }

  get aborted(): boolean {
    return this.#isAborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  get onabort(): Listener | null {
    return this.#onabort;
  }
  set onabort(handler: Listener | null) {
    this.#onabort = typeof handler === 'function' ? handler : null;
    if (this.#hasHandler) return;
    this.#hasHandler = true;
    this.addEventListener('abort', (event) => (this.#onabort as ((event: Event) => unknown) | null)?.call(this, event));
  }

  throwIfAborted(): void {
    if (this.#isAborted) throw this.#reason;
  }

  static abort(reason: unknown = aborted()): AbortSignal {
    const signal = new AbortSignal(CREATE);
    abort(signal, reason);
    return signal;
  }

  static timeout(ms: number): AbortSignal {
    needArguments(arguments.length, 1, 'AbortSignal.timeout');
    const wait = Math.trunc(Number(ms));
    if (!(wait >= 0 && wait <= Number.MAX_SAFE_INTEGER)) throw new TypeError('AbortSignal.timeout needs milliseconds.');
    const signal = new AbortSignal(CREATE);
    setTimeout(
      () => abort(signal, new DOMException('The operation timed out.', 'TimeoutError')),
      Math.min(wait, LONGEST_MS),
    );
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    needArguments(arguments.length, 1, 'AbortSignal.any');
    const all = [...signals];
    if (!all.every((signal) => signal instanceof AbortSignal))
      throw new TypeError('AbortSignal.any needs a list of AbortSignals.');
    return follow(all);
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...args);
    for (const source of this.#sources ?? []) source.#heard.add(this);
  }

  #takeFollower(follower: AbortSignal): void {
    this.#followers.add(new WeakRef(follower));
    if (this.#followers.size < this.#mostFollowers) return;
    for (const follower of this.#followers) if (follower.deref() === undefined) this.#followers.delete(follower);
    this.#mostFollowers = 2 * Math.max(16, this.#followers.size);
  }

  #liveFollowers(): AbortSignal[] {
    return [...this.#followers].map((follower) => follower.deref()).filter((follower) => follower !== undefined);
  }
}

export class AbortController {
  readonly #signal = new AbortSignal(CREATE);

  get signal(): AbortSignal {
    return this.#signal;
  }

  abort(reason: unknown = aborted()): void {
    abort(this.#signal, reason);
  }
}

const aborted = () => new DOMException('The operation was aborted.', 'AbortError');

asInterface({ AbortSignal, AbortController });
