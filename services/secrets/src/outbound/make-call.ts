import { type CallHead, Fault, type Grant } from '@fingerpost/contracts';
import { currentTrace, describeSpan, inSpan, Redactor, type Secret, toTraceparent } from '@fingerpost/platform';
import { type Dispatcher, request } from 'undici';
import { hostAndPort, matchingHosts } from '../bounds/host.ts';
import type { Unsealing } from '../seal/unseal-request.ts';
import type { Connections } from './connections.ts';
import { decodeBody, encodingOf } from './decode-body.ts';
import type { Guard } from './guard.ts';
import { type Headers, passOn, withDefaults } from './headers.ts';
import { type Hop, nextHop } from './next-hop.ts';
import { tellFailure } from './tell-failure.ts';

const REDIRECTS = 5;

export interface WaysOut {
  guard: Guard;
  connections: Connections;
  /** whether that host is told which trace a call belongs to; absent: none is */
  isTold?: (url: URL) => boolean;
}

export interface CallToMake extends Hop {
  redirect: 'follow' | 'manual' | 'error';
  grant: Readonly<Pick<Grant, 'name' | 'hosts' | 'limits'>>;
  seal: Unsealing;
  /** values that have left for this run; grows with each that leaves */
  lent: Set<Secret>;
  signal: AbortSignal;
  /** asked before each hop: a revocation counts in the middle of a call */
  checkAgain: () => void;
}

export interface CallMade {
  head: CallHead;
  body: AsyncIterable<Uint8Array>;
}

/** The one way out. Each hop is judged by itself, as if it were the first. */
export async function makeCall(ways: WaysOut, call: CallToMake): Promise<CallMade> {
  const { grant, seal, lent, signal } = call;
  let hop: Hop = call;
  for (let redirects = 0; ; redirects++) {
    call.checkAgain();
    ways.guard.judge(hop.url, grant);
    const unsealed = await inSpan('secrets.unseal', () => seal.unseal(hop, lent));
    const response = await inSpan(
      'outbound',
      () => {
        // The host as the grant spells it, and nothing else of the address: authors put what they like behind it, and into a pattern.
        const [host] = matchingHosts(grant.hosts, unsealed.url);
        describeSpan({ 'http.request.method': unsealed.method, 'server.address': host });
        return send(ways, { ...unsealed, headers: withDefaults([...unsealed.headers]) }, signal);
      },
      'client',
    );
    if (response.statusCode === 401) seal.noteRefusal();
    const redactor = new Redactor(lent);

    const location = redirectTarget(response, hop.url);
    if (location === undefined || call.redirect === 'manual')
      return answer(response, hop, redirects > 0, redactor, call);
    await discard(response);
    if (call.redirect === 'error')
      throw new Fault('outbound.failed', `${hostAndPort(hop.url)} answered with a redirect.`);
    if (redirects === REDIRECTS)
      throw new Fault('outbound.failed', `More than ${REDIRECTS} redirects, the last from ${hostAndPort(hop.url)}.`);
    // An upstream that puts a value into its redirect would have us carry it to where it is not bound. As it was said, too: hosts lose capitals.
    if (redactor.finds(location.href) || redactor.finds(String(response.headers.location)))
      throw new Fault('secret.misplaced', `${hostAndPort(hop.url)} put a secret into the address of its redirect.`);
    hop = nextHop(hop, response.statusCode, location, seal);
  }
}

async function send(
  ways: WaysOut,
  { method, url, headers, body }: Hop,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  try {
    const response = await request(url, {
      dispatcher: ways.connections.to(url),
      method: method as Dispatcher.HttpMethod,
      headers: (ways.isTold?.(url) === true ? withTraceparent(headers) : headers).flat(),
      body: body.byteLength > 0 ? body : null,
      signal,
      // The call's own deadline rules.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    describeSpan({ 'http.response.status_code': response.statusCode });
    return response;
  } catch (error) {
    throw tellFailure(error, hostAndPort(url), signal);
  }
}

function withTraceparent(headers: Headers): Headers {
  const trace = currentTrace();
  const others = headers.filter(([name]) => name.toLowerCase() !== 'traceparent');
  return trace === undefined ? headers : [...others, ['traceparent', toTraceparent(trace)]];
}

function answer(
  response: Dispatcher.ResponseData,
  hop: Hop,
  isRedirected: boolean,
  redactor: Redactor,
  call: CallToMake,
): CallMade {
  const atMost = call.grant.limits.responseBytes;
  const host = hostAndPort(hop.url);
  try {
    const hasBody = hop.method !== 'HEAD' && response.statusCode !== 204 && response.statusCode !== 304;
    const encoding = hasBody ? encodingOf(response.headers['content-encoding'], host) : undefined;
    if (hasBody && encoding === undefined && Number(response.headers['content-length'] ?? 0) > atMost)
      throw new Fault('outbound.too_large', `The answer has more than ${atMost} bytes.`);
    const headers = passOn(response.headers, encoding !== undefined);
    const head: CallHead = {
      status: response.statusCode,
      statusText: redactor.text(response.statusText),
      headers: headers.map(([name, value]) => [redactor.text(name), redactor.text(value)]),
      url: redactor.text(hop.url.href),
      isRedirected,
    };
    return { head, body: redactor.body(read(response, encoding, host, call)) };
  } catch (error) {
    void discard(response);
    throw error;
  }
}

async function* read(
  response: Dispatcher.ResponseData,
  encoding: string | undefined,
  host: string,
  call: CallToMake,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of decodeBody(response.body, encoding, call.grant.limits.responseBytes)) {
      call.checkAgain();
      yield chunk;
    }
  } catch (error) {
    throw tellFailure(error, host, call.signal);
  } finally {
    response.body.destroy();
  }
}

/** `undefined`: no redirect, or one that names no address that can be followed. */
function redirectTarget({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode) || typeof headers.location !== 'string') return undefined;
  const target = URL.parse(headers.location, from);
  if (target === null) throw new Fault('outbound.failed', `${hostAndPort(from)} redirected to what is no address.`);
  return target;
}

// A short rest is read, so that the connection can be used again; a long one is cut off.
async function discard(response: Dispatcher.ResponseData): Promise<void> {
  await response.body.dump({ limit: 65_536 }).catch(() => {});
}
