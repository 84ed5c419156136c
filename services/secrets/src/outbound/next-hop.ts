import { Fault } from '@fingerpost/contracts';
import { hostAndPort } from '../bounds/host.ts';
import type { Unsealing } from '../seal/unseal-request.ts';
import { type Headers, withoutBodyHeaders, withoutCredentials } from './headers.ts';

/** One request on its way; placeholders still stand in its headers. */
export interface Hop {
  method: string;
  url: URL;
  headers: Headers;
  body: Uint8Array;
}

const NO_BYTES = new Uint8Array();

/** Where a redirect leads: `fetch`'s rules for method and body, and nothing secret for whoever it was not meant for. */
export function nextHop(hop: Hop, status: number, url: URL, seal: Unsealing): Hop {
  if (hop.url.protocol === 'https:' && url.protocol !== 'https:')
    throw new Fault(
      'outbound.failed',
      `${hostAndPort(hop.url)} redirected from https to ${url.protocol.slice(0, 40)} which is not followed.`,
    );
  url.hash = '';
  const next = becomesGet(hop.method, status)
    ? { method: 'GET', url, headers: withoutBodyHeaders(hop.headers), body: NO_BYTES }
    : { ...hop, url };
  return { ...next, headers: keptHeaders(next, hop.url, seal) };
}

function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

// A header with a secret goes along exactly where its binding lets it go; other credentials stay with their origin.
function keptHeaders(next: Hop, from: URL, seal: Unsealing): Headers {
  const sealed = next.headers.filter(([, value]) => seal.holdsPlaceholder(value) && seal.mayUnseal(value, next, from));
  const plain = next.headers.filter(([, value]) => !seal.holdsPlaceholder(value));
  return [...(next.url.origin === from.origin ? plain : withoutCredentials(plain)), ...sealed];
}
