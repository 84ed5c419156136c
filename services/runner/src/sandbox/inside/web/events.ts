/** Events as the web has them, without a tree: each target is the whole of its path. */

import { now } from '../guest/clock.ts';
import { needArguments } from '../need-arguments.ts';
import { isObject, toOptions } from './convert.ts';
import { asInterface } from './interface.ts';

export type Listener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

interface Dispatch {
  target: EventTarget;
  isPassive: boolean;
  isStopped: boolean;
}

const AT_TARGET = 2;
const bornAt = new WeakMap<Event, number>();
const trusted = new WeakSet<Event>();
const isTrusted = {
  enumerable: true,
  get: Object.getOwnPropertyDescriptor(
    {
      get isTrusted() {
        return trusted.has(this as never);
      },
    },
    'isTrusted',
  )!.get,
};

let dispatch: (event: Event, target: EventTarget, entries: Entry[]) => boolean;

export class Event {
  static {
    for (const place of [Event, Event.prototype])
      for (const [phase, name] of ['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'].entries())
        Object.defineProperty(place, name, { value: phase, enumerable: true });

    dispatch = (event, target, entries) => {
      if (event.#now !== undefined) throw new DOMException('The event is on its way already.', 'InvalidStateError');
      event.#target = target;
      event.#now = { target, isPassive: false, isStopped: event.#isStopped };
      for (const entry of entries) {
        if (event.#now.isStopped) break;
        if (entry.isRemoved) continue;
        if (entry.once) entry.remove();
        event.#now.isPassive = entry.passive;
        callListener(entry.listener, event, target);
      }
      event.#now = undefined;
      event.#isStopped = false;
      return !event.#isPrevented;
    };
  }

  #type: string;
  #bubbles: boolean;
  #cancelable: boolean;
  readonly #composed: boolean;
  #target: EventTarget | null = null;
  #now: Dispatch | undefined;
  #isStopped = false;
  #isPrevented = false;

  constructor(type: string, init: EventInit = {}) {
    needArguments(arguments.length, 1, 'Event');
    this.#type = `${type}`;
    const { bubbles = false, cancelable = false, composed = false } = toOptions(init, 'Options of an event');
    this.#bubbles = Boolean(bubbles);
    this.#cancelable = Boolean(cancelable);
    this.#composed = Boolean(composed);
    bornAt.set(this, now());
    Object.defineProperty(this, 'isTrusted', isTrusted);
  }

  get type(): string {
    return this.#type;
  }
  get bubbles(): boolean {
    return this.#bubbles;
  }
  get cancelable(): boolean {
    return this.#cancelable;
  }
  get composed(): boolean {
    return this.#composed;
  }
  get target(): EventTarget | null {
    return this.#target;
  }
  get srcElement(): EventTarget | null {
    return this.#target;
  }
  get currentTarget(): EventTarget | null {
    return this.#now?.target ?? null;
  }
  get eventPhase(): number {
    return this.#now === undefined ? 0 : AT_TARGET;
  }
  get timeStamp(): number {
    return bornAt.get(this)!;
  }
  get defaultPrevented(): boolean {
    return this.#isPrevented;
  }
  get returnValue(): boolean {
    return !this.#isPrevented;
  }
  set returnValue(value: boolean) {
    if (!value) this.preventDefault();
  }
  get cancelBubble(): boolean {
    return this.#isStopped;
  }
  set cancelBubble(value: boolean) {
    if (value) this.stopPropagation();
  }

  composedPath(): EventTarget[] {
    return this.#now === undefined ? [] : [this.#now.target];
  }
  stopPropagation(): void {
    this.#isStopped = true;
  }
  stopImmediatePropagation(): void {
    this.#isStopped = true;
    if (this.#now !== undefined) this.#now.isStopped = true;
  }
  preventDefault(): void {
    if (this.#cancelable && this.#now?.isPassive !== true) this.#isPrevented = true;
  }
  initEvent(type: string, bubbles = false, cancelable = false): void {
    if (this.#now !== undefined) return;
    this.#type = `${type}`;
    this.#bubbles = Boolean(bubbles);
    this.#cancelable = Boolean(cancelable);
    this.#isPrevented = false;
    this.#isStopped = false;
    this.#target = null;
  }
}

export class CustomEvent extends Event {
  readonly #detail: unknown;

  constructor(type: string, init: EventInit & { detail?: unknown } = {}) {
    needArguments(arguments.length, 1, 'CustomEvent');
    super(type, init);
    this.#detail = init?.detail ?? null;
  }

  get detail(): unknown {
    return this.#detail;
  }
}

interface ListenerOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  signal?: { readonly aborted: boolean } & Pick<EventTarget, 'addEventListener'>;
}

interface Entry {
  type: string;
  listener: Listener;
  capture: boolean;
  once: boolean;
  passive: boolean;
  isRemoved: boolean;
  remove(): void;
}

let send: (event: Event, target: EventTarget) => boolean;

export class EventTarget {
  static {
    send = (event, target) => {
      const entries = target.#entries.filter(({ type }) => type === event.type);
      return dispatch(event, target, [...entries.filter(isEarly), ...entries.filter((entry) => !isEarly(entry))]);
    };
  }

  #entries: Entry[] = [];

  addEventListener(type: string, listener: Listener | null, options: boolean | ListenerOptions = false): void {
    needArguments(arguments.length, 2, 'addEventListener');
    const { capture = false, once = false, passive = false, signal } = optionsOf(options);
    if (signal !== undefined && !(signal instanceof EventTarget && 'aborted' in signal))
      throw new TypeError('The signal of addEventListener must be an AbortSignal.');
    if (!isListener(listener) || signal?.aborted || this.#find(`${type}`, listener, Boolean(capture))) return;
    const entry: Entry = {
      ...{ type: `${type}`, listener, capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive) },
      isRemoved: false,
      remove: () => {
        entry.isRemoved = true;
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
    this.#entries.push(entry);
    signal?.addEventListener('abort', entry.remove, { once: true });
  }

  removeEventListener(type: string, listener: Listener | null, options: boolean | ListenerOptions = false): void {
    needArguments(arguments.length, 2, 'removeEventListener');
    const { capture = false } = optionsOf(options);
    if (isListener(listener)) this.#find(`${type}`, listener, Boolean(capture))?.remove();
  }

  dispatchEvent(event: Event): boolean {
    if (!(event instanceof Event)) throw new TypeError('dispatchEvent needs an Event.');
    trusted.delete(event);
    return send(event, this);
  }

  #find(type: string, listener: Listener, capture: boolean): Entry | undefined {
    return this.#entries.find(
      (entry) => entry.type === type && entry.listener === listener && entry.capture === capture,
    );
  }
}

/** As if the platform had sent it. */
export function fire(type: string, target: EventTarget): void {
  const event = new Event(type);
  trusted.add(event);
  send(event, target);
}

/** An error that nobody catches ends the run, wherever it comes from. */
export const reportError = (error: unknown): void => void Promise.reject(error);

function callListener(listener: Listener, event: Event, target: EventTarget): void {
  try {
    if (typeof listener === 'function') listener.call(target, event);
    else listener.handleEvent(event);
  } catch (error) {
    reportError(error);
  }
}

const isEarly = ({ capture }: Entry) => capture;

const isListener = (listener: unknown): listener is Listener => {
  if (listener === null || listener === undefined) return false;
  if (!isObject(listener)) throw new TypeError('A listener is a function, or an object with handleEvent.');
  return true;
};

const optionsOf = (options: boolean | ListenerOptions): ListenerOptions =>
  isObject(options) ? options : { capture: Boolean(options) };

asInterface({ Event, CustomEvent, EventTarget });
