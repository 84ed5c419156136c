// The web's harmless APIs, as far as integrations use them. Libraries where they are well kept; what touches the host is ours. A bundle of
// its own: what it imports from `guest/` is lent by the isolate's own code there (`guest/late-web.ts`).
import 'core-js/actual/dom-exception/index.js';
import 'core-js/actual/url/index.js';
import 'core-js/actual/url-search-params/index.js';
import 'core-js/actual/structured-clone.js';
import 'core-js/actual/atob.js';
import 'core-js/actual/btoa.js';
import { TextDecoder, TextDecoderStream, TextEncoder, TextEncoderStream } from '@exodus/bytes/encoding.js';
import * as streams from 'web-streams-polyfill';
import { AbortController, AbortSignal } from './abort.ts';
import { Blob, File } from './blob.ts';
import { CompressionStream, DecompressionStream } from './compression.ts';
import { Crypto, crypto } from './crypto.ts';
import { CustomEvent, Event, EventTarget, reportError } from './events.ts';
import { fetch } from './fetch.ts';
import { FormData } from './form-data.ts';
import { Headers } from './headers.ts';
import { Performance, performance } from './performance.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';
import { CryptoKey, SubtleCrypto } from './subtle-crypto.ts';

const apis = {
  ...{ TextDecoder, TextDecoderStream, TextEncoder, TextEncoderStream, CompressionStream, DecompressionStream },
  ...{ Event, CustomEvent, EventTarget, AbortController, AbortSignal },
  ...{ Crypto, CryptoKey, SubtleCrypto, crypto, Performance, performance },
  ...{ fetch, Headers, Request, Response, Blob, File, FormData },
  ...streams,
  reportError,
};

for (const [name, value] of Object.entries(apis)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true });
}
