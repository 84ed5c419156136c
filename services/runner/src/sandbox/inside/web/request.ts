import { cut } from '../cut.ts';
import { needArguments } from '../need-arguments.ts';
import { AbortSignal, follow } from './abort.ts';
import { assertUnread, Body, type BodyLike, fill, share, take, toContent } from './body.ts';
import { oneOf, toOptions } from './convert.ts';
import { Headers, type HeadersLike, TOKEN } from './headers.ts';
import { asInterface, takeOver } from './interface.ts';

export type Redirect = 'follow' | 'manual' | 'error';

export interface RequestInit {
  method?: string;
  headers?: HeadersLike;
  body?: BodyLike;
  duplex?: string;
  signal?: AbortSignal | null;
  window?: null;
  redirect?: Redirect;
  mode?: string;
  credentials?: string;
  cache?: string;
  referrer?: string;
  referrerPolicy?: string;
  integrity?: string;
  keepalive?: boolean;
  priority?: string;
}

const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK'];
const UPPER = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
const ALLOWED = {
  redirect: ['follow', 'manual', 'error'],
  mode: ['cors', 'no-cors', 'same-origin'],
  credentials: ['same-origin', 'omit', 'include'],
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
  referrerPolicy: [
    ...['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin'],
    ...['origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'],
  ],
  duplex: ['half'],
  priority: ['auto', 'high', 'low'],
} as const;
type Choice = keyof typeof ALLOWED;

/** Much of this means something to browsers only: it is kept and shown, and changes nothing. */
interface Facts {
  url: string;
  method: string;
  redirect: Redirect;
  mode: string;
  credentials: string;
  cache: string;
  referrer: string;
  referrerPolicy: string;
  integrity: string;
  keepalive: boolean;
}

const DEFAULTS: Omit<Facts, 'url'> = {
  ...{ method: 'GET', redirect: 'follow', mode: 'cors', credentials: 'same-origin', cache: 'default' },
  ...{ referrer: 'about:client', referrerPolicy: '', integrity: '', keepalive: false },
};

export class Request extends Body {
  readonly #facts: Facts;
  readonly #headers: Headers;
  #signal: AbortSignal | undefined;

  constructor(input: Request | URL | string, init: RequestInit = {}) {
    needArguments(arguments.length, 1, 'Request');
    super();
    const options = toOptions(init, 'Options of a request');
    const from = input instanceof Request ? input : undefined;
    this.#facts = factsOf(from === undefined ? { ...DEFAULTS, url: toUrl(input) } : from.#facts, options);
    this.#headers = new Headers(options.headers ?? from?.headers);
    const before = from === undefined ? undefined : from.#signal;
    this.#signal = signalOf(options.signal === undefined ? before : options.signal);

    const given = options.body ?? undefined;
    if ((given !== undefined || (from?.body ?? null) !== null) && /^(GET|HEAD)$/.test(this.method))
      throw new TypeError(`A ${this.method} request cannot have a body.`);
    const { content, type } = toContent(given);
    if (given !== undefined && content === given && (options.duplex === undefined || this.keepalive))
      throw new TypeError('A request whose body is a stream needs `duplex: "half"`, and cannot be kept alive.');
    if (type !== undefined && !this.#headers.has('content-type')) this.#headers.set('content-type', type);
    if (from !== undefined && given === undefined) assertUnread(from);
    fill(this, from === undefined || given !== undefined ? content : take(from), () =>
      this.#headers.get('content-type'),
    );
  }

  get url(): string {
    return this.#facts.url;
  }
  get method(): string {
    return this.#facts.method;
  }
  get headers(): Headers {
    return this.#headers;
  }
  get redirect(): Redirect {
    return this.#facts.redirect;
  }
  get signal(): AbortSignal {
    this.#signal ??= follow([]);
    return this.#signal;
  }
  get mode(): string {
    return this.#facts.mode;
  }
  get credentials(): string {
    return this.#facts.credentials;
  }
  get cache(): string {
    return this.#facts.cache;
  }
  get referrer(): string {
    return this.#facts.referrer;
  }
  get referrerPolicy(): string {
    return this.#facts.referrerPolicy;
  }
  get integrity(): string {
    return this.#facts.integrity;
  }
  get keepalive(): boolean {
    return this.#facts.keepalive;
  }
  get destination(): string {
    return '';
  }
  get duplex(): string {
    return 'half';
  }
  get isReloadNavigation(): boolean {
    return false;
  }
  get isHistoryNavigation(): boolean {
    return false;
  }

  clone(): Request {
    assertUnread(this);
    const { url, ...facts } = this.#facts;
    const clone = new Request(url, { ...facts, headers: this.#headers, signal: this.#signal });
    fill(clone, share(this), () => clone.headers.get('content-type'));
    return clone;
  }
}

takeOver(Body, Request);
asInterface({ Request });

function toUrl(input: unknown): string {
  const text = `${input as string}`;
  const url = URL.parse(text);
  if (url === null)
    throw new TypeError(`"${cut(text, 100)}" is no absolute address: begin it with https:// and a host.`);
  if (url.username !== '' || url.password !== '')
    throw new TypeError('The address of a request holds no user and password; send an authorization header.');
  return url.href;
}

function factsOf(before: Facts, options: Partial<RequestInit>): Facts {
  if (options.window !== undefined && options.window !== null) throw new TypeError('There are no windows here.');
  for (const name of Object.keys(ALLOWED) as Choice[])
    if (options[name] !== undefined) oneOf(ALLOWED[name], options[name], `${name} of a request`);
  const { redirect, mode, credentials, cache, referrerPolicy } = options;
  const facts = {
    ...before,
    ...withoutGaps({ redirect, mode, credentials, cache, referrerPolicy }),
    ...(options.method !== undefined && { method: methodOf(options.method) }),
    ...(options.referrer !== undefined && { referrer: referrerOf(`${options.referrer}`) }),
    ...(options.integrity !== undefined && { integrity: `${options.integrity}` }),
    ...(options.keepalive !== undefined && { keepalive: Boolean(options.keepalive) }),
  };
  if (facts.cache === 'only-if-cached' && facts.mode !== 'same-origin')
    throw new TypeError('A request for what is cached only is one to the same origin.');
  return facts;
}

const withoutGaps = <T extends object>(options: T) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]: never };

function methodOf(method: unknown): string {
  const text = `${method as string}`;
  const upper = text.toUpperCase();
  if (!TOKEN.test(text)) throw new TypeError(`"${text}" is no method.`);
  if (FORBIDDEN.includes(upper)) throw new TypeError(`fetch makes no ${upper} requests.`);
  return UPPER.includes(upper) ? upper : text;
}

function referrerOf(referrer: string): string {
  if (referrer === '') return '';
  const { href } = new URL(referrer);
  return href;
}

function signalOf(signal: unknown): AbortSignal | undefined {
  if (signal === null || signal === undefined) return undefined;
  if (!(signal instanceof AbortSignal)) throw new TypeError('The signal of a request must be an AbortSignal.');
  return follow([signal]);
}
