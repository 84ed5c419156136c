import { toBase64 } from '@exodus/bytes/base64.js';
import type { CallHead } from '@fingerpost/contracts';
import { ask } from '../guest/bridge.ts';
import type { AbortSignal } from './abort.ts';
import { Headers, seal, sortedPairs } from './headers.ts';
import { Request, type RequestInit } from './request.ts';
import { type Response, responseOf } from './response.ts';

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** The call itself is made by the secrets service, which alone knows the values and alone reaches the network. */
export async function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const method = request.method.toUpperCase();
  if (!METHODS.includes(method)) throw new TypeError(`fetch makes ${METHODS.join(', ')} requests, not ${method}.`);
  request.signal.throwIfAborted();
  return unlessAborted(send(request, method), request.signal);
}

async function send(request: Request, method: string): Promise<Response> {
  const body = await request.bytes();
  const { head, body: bytes } = await ask('fetch', {
    method,
    url: request.url,
    headers: sortedPairs(request.headers),
    redirect: request.redirect,
    ...(body.byteLength === 0 ? {} : { body: toBase64(body) }),
  });
  const { status, statusText, headers, url, isRedirected } = head as CallHead;
  const content = bytes === undefined || method === 'HEAD' || status === 204 ? null : new Uint8Array(bytes);
  return responseOf(
    { type: 'basic', url, redirected: isRedirected, status, statusText },
    seal(new Headers(headers)),
    content,
    request.signal,
  );
}

// Whoever has gone hears nothing more, and the call is still made: it may be under way.
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
