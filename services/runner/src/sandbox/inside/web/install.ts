// The web's harmless APIs, as far as integrations use them. Libraries where they are well kept; what touches the host is ours.
import 'core-js/actual/dom-exception/index.js';
import 'core-js/actual/url/index.js';
import 'core-js/actual/url-search-params/index.js';
import 'core-js/actual/structured-clone.js';
import 'core-js/actual/atob.js';
import 'core-js/actual/btoa.js';
import { TextDecoder, TextEncoder } from '@exodus/bytes/encoding.js';
import { Event, EventTarget } from 'event-target-shim';
import * as streams from 'web-streams-polyfill';
import { AbortController, AbortSignal } from './abort.ts';
import { Blob, File } from './blob.ts';
import { crypto } from './crypto.ts';
import { fetch, Request, Response } from './fetch.ts';
import { FormData } from './form-data.ts';
import { Headers } from './headers.ts';
import { clearTimer, setInterval, setTimeout } from './timers.ts';

const startedAt = Date.now();

const apis = {
  TextDecoder,
  TextEncoder,
  Event,
  EventTarget,
  AbortController,
  AbortSignal,
  crypto,
  fetch,
  Headers,
  Request,
  Response,
  Blob,
  File,
  FormData,
  ...streams,
  setTimeout,
  setInterval,
  setImmediate: (work: (...args: unknown[]) => void, ...args: unknown[]) => setTimeout(work, 0, ...args),
  clearImmediate: clearTimer,
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  queueMicrotask: (work: () => void) => void Promise.resolve().then(work),
  performance: { now: () => Date.now() - startedAt, timeOrigin: startedAt },
  global: globalThis,
  self: globalThis,
  require: (name: string) => {
    throw new Error(`Cannot load "${name}": only modules that are named literally are bundled with an integration.`);
  },
};

for (const [name, value] of Object.entries(apis))
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
