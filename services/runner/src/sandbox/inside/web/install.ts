// The web's harmless APIs, as far as integrations use them. Libraries where they are well kept; what touches the host is ours.
import 'core-js/actual/dom-exception/index.js';
import 'core-js/actual/url/index.js';
import 'core-js/actual/url-search-params/index.js';
import 'core-js/actual/structured-clone.js';
import 'core-js/actual/atob.js';
import 'core-js/actual/btoa.js';
import { TextDecoder, TextEncoder } from '@exodus/bytes/encoding.js';
import { Event, EventTarget } from 'event-target-shim';
import { AbortController, AbortSignal } from './abort.ts';
import { crypto } from './crypto.ts';
import { fetch, Headers, Request, Response } from './fetch.ts';
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
  setTimeout,
  setInterval,
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  queueMicrotask: (work: () => void) => void Promise.resolve().then(work),
  performance: { now: () => Date.now() - startedAt, timeOrigin: startedAt },
  global: globalThis,
  self: globalThis,
  require: (name: string) => {
    throw new Error(
      `Cannot load "${name}": only modules that are named literally and belong to the integration's own folder are bundled.`,
    );
  },
};

for (const [name, value] of Object.entries(apis))
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
