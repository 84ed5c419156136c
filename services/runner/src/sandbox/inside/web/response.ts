import { needArguments } from '../need-arguments.ts';
import type { AbortSignal } from './abort.ts';
import { assertUnread, Body, type BodyLike, type Content, fill, share, toContent } from './body.ts';
import { toOptions } from './convert.ts';
import { Headers, type HeadersLike, seal } from './headers.ts';
import { asInterface, takeOver } from './interface.ts';

interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersLike;
}

interface Facts {
  type: 'default' | 'basic' | 'error';
  url: string;
  redirected: boolean;
  status: number;
  statusText: string;
}

const WITHOUT_BODY = [204, 205, 304];
const REDIRECTS = [301, 302, 303, 307, 308];
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A response with facts that its constructor does not take. */
export let responseOf: (facts: Partial<Facts>, headers: Headers, content: Content, signal?: AbortSignal) => Response;

export class Response extends Body {
  static {
    responseOf = (facts, headers, content, signal) => {
      const response = new Response();
      Object.assign(response.#facts, facts);
      response.#headers = headers;
      response.#signal = signal;
      fill(response, content, () => headers.get('content-type'), signal);
      return response;
    };
  }

  readonly #facts: Facts = { type: 'default', url: '', redirected: false, status: 200, statusText: '' };
  #headers: Headers;
  #signal: AbortSignal | undefined;

  constructor(body: BodyLike = null, init: ResponseInit = {}) {
    super();
    const { status = 200, statusText = '', headers } = toOptions(init, 'Options of a response');
    const [number, text] = [Math.trunc(Number(status)), `${statusText}`];
    if (!(number >= 200 && number <= 599))
      throw new RangeError(`A response has a status of 200 to 599, not ${status}.`);
    if (!REASON.test(text)) throw new TypeError('The status text of a response is one line of Latin-1.');
    Object.assign(this.#facts, { status: number, statusText: text });
    this.#headers = new Headers(headers);
    const { content, type } = toContent(body);
    if (content !== null && WITHOUT_BODY.includes(number))
      throw new TypeError(`A response with status ${number} has no body.`);
    if (type !== undefined && !this.#headers.has('content-type')) this.#headers.set('content-type', type);
    fill(this, content, () => this.#headers.get('content-type'));
  }

  get type(): string {
    return this.#facts.type;
  }
  get url(): string {
    return this.#facts.url;
  }
  get redirected(): boolean {
    return this.#facts.redirected;
  }
  get status(): number {
    return this.#facts.status;
  }
  get ok(): boolean {
    return this.#facts.status >= 200 && this.#facts.status < 300;
  }
  get statusText(): string {
    return this.#facts.statusText;
  }
  get headers(): Headers {
    return this.#headers;
  }

  clone(): Response {
    assertUnread(this);
    return responseOf(this.#facts, new Headers(this.#headers), share(this), this.#signal);
  }

  static json(value: unknown, init: ResponseInit = {}): Response {
    needArguments(arguments.length, 1, 'Response.json');
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError('Response.json needs what JSON can say.');
    const response = new Response(text, init);
    if (new Headers(init.headers).get('content-type') === null)
      response.headers.set('content-type', 'application/json');
    return response;
  }

  static error(): Response {
    return responseOf({ type: 'error', status: 0 }, seal(new Headers()), null);
  }

  static redirect(url: string | URL, status = 302): Response {
    needArguments(arguments.length, 1, 'Response.redirect');
    const { href } = new URL(url);
    if (!REDIRECTS.includes(status)) throw new RangeError(`${status} is no status of a redirect.`);
    return responseOf({ status }, seal(new Headers({ location: href })), null);
  }
}

takeOver(Body, Response);
asInterface({ Response });
