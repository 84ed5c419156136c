import { TextDecoder, TextEncoder } from '@exodus/bytes/encoding.js';
import { Blob, bytesOf, joined, streamOf } from './blob.ts';
import { FormData, toMultipart } from './form-data.ts';

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
type Content = Uint8Array | ReadableStream<Uint8Array> | undefined;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export abstract class Body {
  #content: Content;
  #stream: ReadableStream<Uint8Array> | null | undefined;
  #isRead = false;

  protected constructor(content: Content) {
    this.#content = content;
  }

  get bodyUsed(): boolean {
    return this.#isRead || (this.#stream?.locked ?? false);
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#stream !== undefined) return this.#stream;
    const content = this.#content;
    if (content === undefined) this.#stream = null;
    else this.#stream = content instanceof ReadableStream ? content : streamOf(async () => content);
    return this.#stream;
  }

  async bytes(): Promise<Uint8Array> {
    if (this.bodyUsed) throw new TypeError('The body has been read already.');
    this.#isRead = true;
    const from = this.#stream ?? this.#content;
    return from instanceof ReadableStream ? await readAll(from) : (from ?? new Uint8Array());
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
  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.contentType() ?? '' });
  }
  async formData(): Promise<FormData> {
    if (!/^application\/x-www-form-urlencoded/i.test(this.contentType() ?? ''))
      throw new TypeError('formData() reads application/x-www-form-urlencoded only; use text() or bytes().');
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(await this.text())) form.append(name, value);
    return form;
  }

  /** What a clone is made of: bytes can be shared, a stream is split. */
  protected share(): BodyLike {
    if (this.bodyUsed) throw new TypeError('The body has been read already.');
    const from = this.#stream ?? this.#content;
    if (!(from instanceof ReadableStream)) return from;
    const [mine, theirs] = from.tee();
    this.#content = mine;
    this.#stream = mine;
    return theirs;
  }

  protected abstract contentType(): string | null;
}

/** @returns what the body is read from, and the content type that it brings along */
export function toContent(body: BodyLike): { content: Content; type?: string } {
  if (body === null || body === undefined) return { content: undefined };
  if (body instanceof ReadableStream) return { content: body };
  if (body instanceof URLSearchParams)
    return { content: encoder.encode(String(body)), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (body instanceof FormData) {
    const { bytes, type } = toMultipart(body);
    return { content: bytes, type };
  }
  if (body instanceof Blob) return { content: bytesOf(body), type: body.type === '' ? undefined : body.type };
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { content: bytesOf(body) };
  return { content: encoder.encode(String(body)), type: 'text/plain;charset=UTF-8' };
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks);
    if (!(value instanceof Uint8Array)) throw new TypeError('A body’s stream must bring Uint8Array chunks.');
    chunks.push(value);
  }
}
