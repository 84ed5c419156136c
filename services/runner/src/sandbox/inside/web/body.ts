import { TextDecoder, TextEncoder } from '@exodus/bytes/encoding.js';
import { ReadableStream, type ReadableStreamDefaultReader, TransformStream } from 'web-streams-polyfill';
import type { AbortSignal } from './abort.ts';
import { Blob, bytesOf, joined, streamOf } from './blob.ts';
import { toText } from './convert.ts';
import { FormData } from './form-data.ts';
import { asInterface } from './interface.ts';
import { fromMultipart, toMultipart } from './multipart.ts';

export type BodyLike =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | FormData
  | URLSearchParams
  | ReadableStream<Uint8Array>
  | null
  | undefined;

/** What a body is read from: bytes that are there, or a stream that brings them. */
export type Content = Uint8Array | ReadableStream<Uint8Array> | null;

const { URLSearchParams: Params } = globalThis;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const decoderWithMark = new TextDecoder('utf-8', { ignoreBOM: true });
const FORM = 'application/x-www-form-urlencoded';

/**
 * Gives a new body what it is read from. `typeOf`: the content type of whatever it is the body of; `signal`: aborted, the body is no longer
 * to be had
 */
export let fill: (body: Body, content: Content, typeOf: () => string | null, signal?: AbortSignal) => void;
/** What a clone is made of: bytes are shared, a stream is split. @throws TypeError when it was read */
export let share: (body: Body) => Content;
/** What the next one is made of; this one has then been read. @throws TypeError when it was read */
export let take: (body: Body) => Content;
/** @throws TypeError when it was read */
export let assertUnread: (body: Body) => void;

export class Body {
  static {
    fill = (body, content, typeOf, signal) => {
      body.#signal = signal;
      body.#content = content;
      body.#typeOf = typeOf;
      if (content instanceof ReadableStream) body.#stream = content;
    };
    assertUnread = (body) => {
      if (body.#isUnusable) throw new TypeError('The body has been read already.');
    };
    share = (body) => {
      assertUnread(body);
      if (!(body.#content instanceof ReadableStream)) return body.#content;
      const [mine, theirs] = body.#content.tee();
      body.#content = mine;
      body.#stream = mine;
      return theirs;
    };
    take = (body) => {
      assertUnread(body);
      const content = body.#content;
      body.#isRead = content !== null;
      return content instanceof ReadableStream ? content.pipeThrough(new TransformStream()) : content;
    };
  }

  #content: Content = null;
  #typeOf: () => string | null = () => null;
  #signal: AbortSignal | undefined;
  /** made when somebody looks at it */
  #stream: ReadableStream<Uint8Array> | undefined;
  #isRead = false;

  get bodyUsed(): boolean {
    return this.#isRead || (this.#stream !== undefined && wasRead(this.#stream));
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#content === null) return null;
    if (this.#stream !== undefined) return this.#stream;
    this.#stream = streamOf(this.#content as Uint8Array, this.#signal);
    if (this.#isRead) void this.#stream.getReader().cancel();
    return this.#stream;
  }

  async bytes(): Promise<Uint8Array> {
    return (await this.#read()).slice();
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.#read()).slice().buffer as ArrayBuffer;
  }
  async text(): Promise<string> {
    return decoder.decode(await this.#read());
  }
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
  async blob(): Promise<Blob> {
    return new Blob([(await this.#read()) as Uint8Array<ArrayBuffer>], { type: this.#typeOf() ?? '' });
  }
  async formData(): Promise<FormData> {
    const bytes = await this.#read();
    const type = this.#typeOf() ?? '';
    if (/^\s*multipart\/form-data\s*(;|$)/i.test(type)) return fromMultipart(bytes, type);
    if (!new RegExp(`^\\s*${FORM}\\s*(;|$)`, 'i').test(type))
      throw new TypeError(`formData() reads multipart/form-data and ${FORM}; use text() or bytes().`);
    const form = new FormData();
    for (const [name, value] of new Params(`&${decoderWithMark.decode(bytes)}`)) form.append(name, value);
    return form;
  }

  get #isUnusable(): boolean {
    return this.bodyUsed || this.#stream?.locked === true;
  }

  async #read(): Promise<Uint8Array> {
    assertUnread(this);
    if (this.#content === null) return new Uint8Array();
    this.#signal?.throwIfAborted();
    this.#isRead = true;
    const reader = this.#stream?.getReader();
    if (this.#content instanceof ReadableStream) return readAll(reader!);
    void reader?.cancel();
    return this.#content;
  }
}

asInterface({ Body });

/** @returns what the body is read from, and the content type that it brings along */
export function toContent(body: BodyLike): { content: Content; type: string | undefined } {
  if (body === null || body === undefined) return { content: null, type: undefined };
  if (body instanceof ReadableStream) {
    if (body.locked || wasRead(body)) throw new TypeError('The stream has been read, or somebody is reading it.');
    return { content: body, type: undefined };
  }
  if (body instanceof Params) return { content: encoder.encode(String(body)), type: `${FORM};charset=UTF-8` };
  if (body instanceof FormData) {
    const { bytes, type } = toMultipart(body);
    return { content: bytes, type };
  }
  if (body instanceof Blob) return { content: bytesOf(body), type: body.type === '' ? undefined : body.type };
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { content: bytesOf(body), type: undefined };
  return { content: encoder.encode(toText(body)), type: 'text/plain;charset=UTF-8' };
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks);
    if (!(value instanceof Uint8Array)) throw new TypeError('A body’s stream must bring Uint8Array chunks.');
    chunks.push(value);
  }
}

// The library's own mark: nobody else can ask a stream this.
const wasRead = (stream: object) => (stream as { _disturbed?: boolean })._disturbed === true;
