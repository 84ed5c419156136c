import { toBase64 } from '@exodus/bytes/base64.js';
import { TextDecoder, TextEncoder } from '@exodus/bytes/encoding.js';
import type { CallHead } from '@fingerpost/contracts';
import { ask } from '../guest/bridge.ts';
import type { AbortSignal } from './abort.ts';

type HeadersLike = Headers | Record<string, string> | Iterable<[string, string]>;
type BodyLike = string | ArrayBuffer | ArrayBufferView | URLSearchParams | null | undefined;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const UNSAFE = /[\0\r\n]/;

export class Headers {
  private readonly values = new Map<string, string[]>();

  constructor(init: HeadersLike = {}) {
    const entries = Symbol.iterator in (init as object) ? (init as Iterable<[string, string]>) : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = checkName(name);
    this.values.set(key, [...(this.values.get(key) ?? []), checkValue(name, value)]);
  }
  set(name: string, value: string): void {
    this.values.set(checkName(name), [checkValue(name, value)]);
  }
  get(name: string): string | null {
    return this.values.get(checkName(name))?.join(', ') ?? null;
  }
  has(name: string): boolean {
    return this.values.has(checkName(name));
  }
  delete(name: string): void {
    this.values.delete(checkName(name));
  }
  getSetCookie(): string[] {
    return [...(this.values.get('set-cookie') ?? [])];
  }
  forEach(visit: (value: string, name: string, headers: Headers) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }
  *entries(): IterableIterator<[string, string]> {
    for (const name of [...this.values.keys()].sort()) yield [name, this.get(name)!];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this) yield name;
  }
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    yield* this.entries();
  }
}

abstract class Body {
  bodyUsed = false;
  protected constructor(protected readonly bytes_: Uint8Array | undefined) {}

  async bytes(): Promise<Uint8Array> {
    if (this.bodyUsed) throw new TypeError('The body has been read already.');
    this.bodyUsed = true;
    return this.bytes_ ?? new Uint8Array();
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).slice().buffer as ArrayBuffer;
  }
  async text(): Promise<string> {
    return decoder.decode(await this.bytes());
  }
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

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
    const { bytes, type } = toBytes(init.body);
    super(bytes ?? from?.bytes_);
    this.url = new URL(from?.url ?? String(input)).href;
    this.method = (init.method ?? from?.method ?? 'GET').toUpperCase();
    this.headers = new Headers(init.headers ?? from?.headers);
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    this.signal = init.signal ?? from?.signal;
    if (type !== undefined && !this.headers.has('content-type')) this.headers.set('content-type', type);
    if (this.bytes_ !== undefined && (this.method === 'GET' || this.method === 'HEAD'))
      throw new TypeError(`A ${this.method} request cannot have a body.`);
  }

  clone(): Request {
    return new Request(this);
  }
}

interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersLike;
  url?: string;
  redirected?: boolean;
}

export class Response extends Body {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly url: string;
  readonly redirected: boolean;
  readonly type = 'basic';

  constructor(body?: BodyLike, init: ResponseInit = {}) {
    const { bytes, type } = toBytes(body);
    super(bytes);
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
    return new Response(this.bytes_, this);
  }

  static json(value: unknown, init: ResponseInit = {}): Response {
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(JSON.stringify(value), { ...init, headers });
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

function toBytes(body: BodyLike): { bytes: Uint8Array | undefined; type?: string } {
  if (body === null || body === undefined) return { bytes: undefined };
  if (body instanceof URLSearchParams)
    return { bytes: encoder.encode(String(body)), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (body instanceof ArrayBuffer) return { bytes: new Uint8Array(body) };
  if (ArrayBuffer.isView(body)) return { bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) };
  return { bytes: encoder.encode(String(body)), type: 'text/plain;charset=UTF-8' };
}

function checkName(name: string): string {
  if (!TOKEN.test(String(name))) throw new TypeError(`"${String(name)}" is not a header name.`);
  return String(name).toLowerCase();
}

function checkValue(name: string, value: unknown): string {
  const text = String(value).trim();
  if (UNSAFE.test(text)) throw new TypeError(`The value of header "${name}" holds a line break.`);
  return text;
}
