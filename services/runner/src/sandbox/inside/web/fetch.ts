import { toBase64 } from '@exodus/bytes/base64.js';
import type { CallHead } from '@fingerpost/contracts';
import { ask } from '../guest/bridge.ts';
import type { AbortSignal } from './abort.ts';
import { Body, type BodyLike, toContent } from './body.ts';
import { Headers, type HeadersLike } from './headers.ts';

interface RequestInit {
  method?: string;
  headers?: HeadersLike;
  body?: BodyLike;
  redirect?: 'follow' | 'manual' | 'error';
  signal?: AbortSignal | null;
}

export class Request extends Body {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: 'follow' | 'manual' | 'error';
  readonly signal: AbortSignal | undefined;

  constructor(input: Request | URL | string, init: RequestInit = {}) {
    const from = input instanceof Request ? input : undefined;
    const { content, type } = toContent(init.body ?? from?.share());
    super(content);
    this.url = new URL(from?.url ?? String(input)).href;
    this.method = methodOf(init.method ?? from?.method ?? 'GET');
    this.headers = new Headers(init.headers ?? from?.headers);
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    this.signal = init.signal ?? from?.signal;
    if (type !== undefined && !this.headers.has('content-type')) this.headers.set('content-type', type);
    if (content !== undefined && (this.method === 'GET' || this.method === 'HEAD'))
      throw new TypeError(`A ${this.method} request cannot have a body.`);
  }

  clone(): Request {
    return new Request(this);
  }

  protected contentType(): string | null {
    return this.headers.get('content-type');
  }
}

interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersLike;
  url?: string;
  redirected?: boolean;
}

const WITHOUT_BODY = [101, 204, 205, 304];

export class Response extends Body {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly url: string;
  readonly redirected: boolean;
  readonly type = 'basic';

  constructor(body?: BodyLike, init: ResponseInit = {}) {
    const { content, type } = toContent(body);
    super(WITHOUT_BODY.includes(init.status ?? 200) ? undefined : content);
    this.status = init.status ?? 200;
    this.statusText = init.statusText ?? '';
    this.headers = new Headers(init.headers);
    this.url = init.url ?? '';
    this.redirected = init.redirected ?? false;
    if (type !== undefined && !this.headers.has('content-type')) this.headers.set('content-type', type);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  clone(): Response {
    return new Response(this.share(), this);
  }

  static json(value: unknown, init: ResponseInit = {}): Response {
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(JSON.stringify(value), { ...init, headers });
  }

  static error(): Response {
    return new Response(null, { status: 0 });
  }

  static redirect(url: string | URL, status = 302): Response {
    return new Response(null, { status, headers: { location: new URL(url).href } });
  }

  protected contentType(): string | null {
    return this.headers.get('content-type');
  }
}

/** The call itself is made by the secrets service, which alone knows the values and alone reaches the network. */
export async function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  request.signal?.throwIfAborted();
  const body = await request.bytes();
  const answer = ask('fetch', {
    method: request.method,
    url: request.url,
    headers: [...request.headers],
    redirect: request.redirect,
    ...(body.byteLength === 0 ? {} : { body: toBase64(body) }),
  });
  const { head, body: bytes } = await unlessAborted(answer, request.signal);
  const { status, statusText, headers, url, isRedirected } = head as CallHead;
  return new Response(bytes, { status, statusText, headers, url, redirected: isRedirected });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

const KNOWN = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH'];

function methodOf(method: string): string {
  const upper = String(method).toUpperCase();
  if (!KNOWN.includes(upper)) throw new TypeError(`fetch makes ${KNOWN.join(', ')} requests, not ${method}.`);
  return upper;
}
