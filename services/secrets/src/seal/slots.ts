import type { SecretSlot } from '@fingerpost/contracts';
import type { Placeholders } from './placeholders.ts';

/** A request on its way out. */
export interface Outgoing {
  method: string;
  url: URL;
  headers: readonly [string, string][];
  body: Uint8Array;
}

/** Where placeholders were found, and how to put values there. Whatever holds one and is in no slot is left in place: nothing may leave then. */
export interface Filled {
  uses: { slot: SecretSlot; name: string }[];
  fill(request: Outgoing, valueFor: (name: string) => string): Outgoing;
}

export type ReadSlot = (request: Outgoing, placeholders: Placeholders) => Filled;

const BASIC = /^(Basic )([A-Za-z0-9+/]+={0,2})$/i;

const readHeaders: ReadSlot = ({ headers }, placeholders) => ({
  uses: headers.flatMap(([, value]) => placeholders.namesIn(value).map((name) => ({ slot: 'header', name }) as const)),
  fill: (request, valueFor) => ({
    ...request,
    headers: request.headers.map(([name, value]) => [name, placeholders.replace(value, valueFor)]),
  }),
});

const readBasic: ReadSlot = ({ headers }, placeholders) => ({
  uses: headers.flatMap(([, value]) =>
    placeholders.namesIn(decodedBasic(value) ?? '').map((name) => ({ slot: 'basic', name }) as const),
  ),
  fill: (request, valueFor) => ({
    ...request,
    headers: request.headers.map(([name, value]) => {
      const credentials = decodedBasic(value);
      if (credentials === undefined || placeholders.namesIn(credentials).length === 0) return [name, value];
      return [name, `Basic ${Buffer.from(placeholders.replace(credentials, valueFor)).toString('base64')}`];
    }),
  }),
});

export function decodedBasic(value: string): string | undefined {
  const [, , text] = BASIC.exec(value) ?? [];
  return text === undefined ? undefined : Buffer.from(text, 'base64').toString('utf8');
}

const readQuery: ReadSlot = ({ url }, placeholders) => ({
  uses: parameters(url.search.slice(1)).flatMap(([, value]) =>
    placeholders.namesIn(value).map((name) => ({ slot: 'query', name }) as const),
  ),
  fill: (request, valueFor) => {
    const filled = new URL(request.url);
    filled.search = fillParameters(request.url.search.slice(1), placeholders, valueFor);
    return { ...request, url: filled };
  },
});

const readBody: ReadSlot = (request, placeholders) => {
  const text = Buffer.from(request.body).toString('latin1');
  if (placeholders.namesIn(text).length === 0) return NOTHING;
  const type = contentType(request.headers);
  if (type === 'application/x-www-form-urlencoded') return readForm(text, placeholders);
  if (type === 'application/json' || type.endsWith('+json')) return readJson(request.body, placeholders);
  return NOTHING;
};

function readForm(text: string, placeholders: Placeholders): Filled {
  return {
    uses: parameters(text).flatMap(([, value]) =>
      placeholders.namesIn(value).map((name) => ({ slot: 'body', name }) as const),
    ),
    fill: (request, valueFor) => ({
      ...request,
      body: Buffer.from(fillParameters(text, placeholders, valueFor), 'latin1'),
    }),
  };
}

function readJson(body: Uint8Array, placeholders: Placeholders): Filled {
  const text = Buffer.from(body).toString('utf8');
  const inTexts = namesInTexts(parse(text), placeholders);
  // One that stands in a field's name, or hidden by an escape, is counted on one side only.
  if (inTexts.length !== placeholders.namesIn(text).length) return NOTHING;
  return {
    uses: inTexts.map((name) => ({ slot: 'body', name }) as const),
    fill: (request, valueFor) => ({
      ...request,
      body: Buffer.from(placeholders.replace(text, (name) => JSON.stringify(valueFor(name)).slice(1, -1))),
    }),
  };
}

/** Every slot; the two of headers do not meet: one reads values as they stand, the other what they encode. */
export const READ_SLOTS: readonly ReadSlot[] = [readHeaders, readBasic, readQuery, readBody];

const NOTHING: Filled = { uses: [], fill: (request) => request };

function namesInTexts(value: unknown, placeholders: Placeholders): string[] {
  if (typeof value === 'string') return placeholders.namesIn(value);
  if (Array.isArray(value)) return value.flatMap((item) => namesInTexts(item, placeholders));
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap((item) => namesInTexts(item, placeholders))
    : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// As they stand: an encoding that the author chose stays the author's.
const parameters = (text: string): [name: string, value: string][] =>
  text.split('&').map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  });

const fillParameters = (text: string, placeholders: Placeholders, valueFor: (name: string) => string): string =>
  text
    .split('&')
    .map((part) => {
      const at = part.indexOf('=') + 1;
      return part.slice(0, at) + placeholders.replace(part.slice(at), (name) => encodeURIComponent(valueFor(name)));
    })
    .join('&');

const contentType = (headers: readonly [string, string][]): string =>
  (headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '').split(';')[0]!.trim().toLowerCase();
