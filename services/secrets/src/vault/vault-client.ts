import { getCACertificates } from 'node:tls';
import { Fault, isFault } from '@fingerpost/contracts';
import { linkTo, type Secret } from '@fingerpost/platform';
import { Agent, type Dispatcher, request } from 'undici';
import type { VaultAddress } from './vault-settings.ts';

export type VaultMethod = 'GET' | 'LIST' | 'POST' | 'PUT';

export interface VaultRequest {
  token?: Secret;
  body?: Record<string, unknown>;
  timeoutMs?: number;
}

/** What Vault says to whoever asked; all that is nobody's doing (sealed, away, too busy) is a fault instead. */
export interface VaultReply {
  status: number;
  data: Record<string, unknown>;
  auth: Record<string, unknown>;
  leaseId: string;
  leaseMs: number;
  errors: string[];
}

/** Longer than Vault takes, and short enough for a run that waits. */
const TIMEOUT_MS = 2_000;
const MOST_BYTES = 20_000_000;
/** For the caller to judge: malformed, denied, not there, not supported. */
const ANSWERS = new Set([200, 204, 400, 403, 404, 405]);

/** The HTTP API of Vault and OpenBao, as little of it as is needed: why no library, see docs/adr/0016. */
export class VaultClient {
  private readonly agent: Agent;
  private readonly link = linkTo('vault');

  constructor(private readonly address: VaultAddress) {
    const trust = address.ca === undefined ? {} : { ca: [...getCACertificates('default'), address.ca] };
    this.agent = new Agent({
      connect: { ...trust, timeout: TIMEOUT_MS },
      connections: 16,
      pipelining: 1,
      allowH2: false,
      maxResponseSize: MOST_BYTES,
    });
  }

  /** @param path without `/v1/`; its words are encoded by the caller. @throws Fault `secret.unavailable` */
  async send(method: VaultMethod, path: string, options: VaultRequest = {}): Promise<VaultReply> {
    const { timeoutMs = TIMEOUT_MS } = options;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      let url = new URL(`v1/${path}`, withSlash(this.address.url));
      if (method === 'LIST') url.searchParams.set('list', 'true'); // proxies on the way know no such method
      let response = await this.request(method, url, options, signal);
      // A standby names the active one. Once, and never from https to http: the token goes along.
      if (response.statusCode === 307) {
        await response.body.dump();
        url = redirected(url, response.headers.location);
        response = await this.request(method, url, options, signal);
      }
      const reply = readReply(response.statusCode, await response.body.text());
      this.link(true);
      return reply;
    } catch (cause) {
      this.link(false);
      if (isFault(cause)) throw cause;
      throw unavailable(signal.aborted ? `did not answer within ${timeoutMs / 1_000} s` : 'cannot be reached', cause);
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private request(
    method: VaultMethod,
    url: URL,
    { token, body }: VaultRequest,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { namespace } = this.address;
    return request(url, {
      dispatcher: this.agent,
      method: method === 'LIST' ? 'GET' : method,
      headers: {
        'x-vault-request': 'true',
        ...(token !== undefined && { 'x-vault-token': token.reveal() }),
        ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
    });
  }
}

/** Vault cannot tell at the moment. The cause may name addresses of our network: it stays in the log. */
export const unavailable = (why: string, cause?: unknown, detail?: Record<string, unknown>): Fault =>
  new Fault('secret.unavailable', `Vault ${why}.`, { cause, detail });

function readReply(status: number, text: string): VaultReply {
  const { data, auth, lease_id, lease_duration, errors } = parse(text);
  const said = Array.isArray(errors) ? errors.map(String) : [];
  if (!ANSWERS.has(status)) throw unavailable(whyNot(status, said));
  return {
    status,
    data: (data ?? {}) as Record<string, unknown>,
    auth: (auth ?? {}) as Record<string, unknown>,
    leaseId: typeof lease_id === 'string' ? lease_id : '',
    leaseMs: Number(lease_duration ?? 0) * 1_000,
    errors: said,
  };
}

function whyNot(status: number, errors: string[]): string {
  if (errors.some((error) => /sealed/i.test(error))) return 'is sealed';
  if (status === 429) return 'has too much to do (429)';
  return `cannot answer for now (${status})`;
}

// Without the text: what a parser says of it quotes it.
function parse(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw unavailable('answered with something that is not its own API');
}

function redirected(from: URL, location: string | string[] | undefined): URL {
  const to = typeof location === 'string' ? URL.parse(location, from) : null;
  if (to === null || to.protocol !== from.protocol) throw unavailable('redirected to where its token may not go');
  return to;
}

const withSlash = (url: URL): URL => new URL(url.pathname.endsWith('/') ? url : `${url.href}/`);
