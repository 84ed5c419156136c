import EventEmitter from 'events/';
import { Readable, Writable } from 'readable-stream';
import { Buffer } from './buffer.ts';
import { missing } from './missing.ts';

export interface Options {
  protocol?: string;
  hostname?: string;
  host?: string;
  port?: number | string;
  path?: string;
  method?: string;
  headers?: Record<string, unknown>;
  auth?: string;
  timeout?: number;
  signal?: AbortSignal;
}
export type OnResponse = (response: IncomingMessage) => void;

/** Node's HTTP client, as far as it can be had on top of `fetch`. */
export class IncomingMessage extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Record<string, string | string[]>;
  readonly rawHeaders: string[];
  readonly httpVersion = '1.1';
  complete = false;

  constructor(response: Response, body: Uint8Array) {
    super();
    this.statusCode = response.status;
    this.statusMessage = response.statusText;
    const cookies = response.headers.getSetCookie();
    this.headers = { ...Object.fromEntries(response.headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) };
    this.rawHeaders = [...response.headers].flat();
    this.push(Buffer.from(body));
    this.push(null);
    this.complete = true;
  }

  override _read(): void {}
}

export class ClientRequest extends Writable {
  private readonly chunks: Uint8Array[] = [];
  private readonly headers: Record<string, unknown>;
  private readonly abortion = new AbortController();
  readonly socket = new EventEmitter();

  constructor(
    private readonly url: URL,
    private readonly options: Options,
    onResponse?: OnResponse,
  ) {
    super({ autoDestroy: false }); // the answer comes after the end
    this.headers = { ...options.headers };
    if (options.auth !== undefined)
      this.headers.authorization ??= `Basic ${Buffer.from(options.auth).toString('base64')}`;
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    options.signal?.addEventListener('abort', () => this.destroy(options.signal?.reason));
    if (onResponse !== undefined) this.once('response', onResponse);
  }

  setHeader(name: string, value: unknown): this {
    this.headers[name] = value;
    return this;
  }
  getHeader(name: string): unknown {
    return Object.entries(this.headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }
  removeHeader(name: string): void {
    for (const key of Object.keys(this.headers)) if (key.toLowerCase() === name.toLowerCase()) delete this.headers[key];
  }
  setTimeout(ms: number, onTimeout?: () => void): this {
    if (onTimeout !== undefined) this.once('timeout', onTimeout);
    const timer = setTimeout(() => this.emit('timeout'), ms);
    return this.once('close', () => clearTimeout(timer));
  }
  setNoDelay(): void {}
  setSocketKeepAlive(): void {}
  flushHeaders(): void {}
  abort(): void {
    this.destroy();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
  override _final(done: (error?: Error) => void): void {
    done();
    this.send().catch((error) => this.destroy(error));
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.abortion.abort(error);
    done(error);
  }

  private async send(): Promise<void> {
    const { method = 'GET' } = this.options;
    const hasBody = this.chunks.length > 0 && !/^(get|head)$/i.test(method);
    const response = await fetch(this.url, {
      method,
      headers: Object.entries(this.headers).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, String(one)]),
      ),
      body: hasBody ? Buffer.concat(this.chunks) : undefined,
      redirect: 'manual', // as Node does
      signal: this.abortion.signal,
    });
    this.emit('response', new IncomingMessage(response, new Uint8Array(await response.arrayBuffer())));
  }
}

const requests = (protocol: string) => {
  const request = (where: string | URL | Options, more?: Options | OnResponse, onResponse?: OnResponse) => {
    const options = { ...(isAddress(where) ? {} : where), ...(typeof more === 'object' ? more : {}) };
    const url = isAddress(where) ? new URL(where) : addressOf(options, protocol);
    return new ClientRequest(url, options, typeof more === 'function' ? more : onResponse);
  };
  const get = (...args: Parameters<typeof request>) => {
    const sent = request(...args);
    sent.end();
    return sent;
  };
  return { request, get };
};

const isAddress = (where: unknown): where is string | URL => typeof where === 'string' || where instanceof URL;

function addressOf({ protocol, hostname, host, port, path = '/' }: Options, fallback: string): URL {
  const name = hostname ?? host ?? 'localhost';
  return new URL(`${protocol ?? fallback}//${name}${port === undefined ? '' : `:${port}`}${path}`);
}

/** Connections are kept outside. */
export class Agent extends EventEmitter {
  readonly options: unknown;
  constructor(options?: unknown) {
    super();
    this.options = options;
  }
  destroy(): void {}
}

const { request, get } = requests('http:');

export { get, request };
export const globalAgent = new Agent();
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
export const STATUS_CODES: Record<number, string> = {};
export const createServer = missing('http.createServer', 'an integration answers pages, not requests');
export const Server = createServer;
export const https = requests('https:');
const all = { request, get, Agent, globalAgent, ClientRequest, IncomingMessage, METHODS, STATUS_CODES, createServer };
export default { ...all, Server };
