import { getCACertificates } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Guard } from './guard.ts';

const OPTIONS = {
  // HTTP/2 would let one connection serve several hosts: what was judged for one would carry another.
  allowH2: false,
  pipelining: 1,
  connections: 256, // to one host; more calls wait: with 64, four runners of 20 runs waited for a slow host
  keepAliveTimeout: 4_000,
  // A kept connection is pinned to the addresses of its first moment; not for ever.
  keepAliveMaxTimeout: 60_000,
  maxHeaderSize: 32_768,
};

export interface ConnectionSettings {
  proxy?: URL;
  /** PEM of certificate authorities beside the public ones */
  ca?: string;
}

/** Kept connections, in two sets that never mix: guarded ones, and those to what the operator named. */
export class Connections {
  private readonly guarded: Dispatcher;
  private readonly allowed: Dispatcher;

  constructor(
    private readonly guard: Guard,
    { proxy, ca }: ConnectionSettings = {},
  ) {
    const trust = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
    const connect = { allowH2: false, timeout: 5_000, ...trust };
    this.allowed = new Agent({ ...OPTIONS, connect });
    // A proxy resolves names itself: their addresses are its to judge, and it may reach what we may not.
    this.guarded =
      proxy === undefined
        ? new Agent({ ...OPTIONS, connect: { ...connect, lookup: guard.lookup } })
        : new ProxyAgent({ ...OPTIONS, uri: proxy.href, requestTls: connect, proxyTls: trust });
  }

  to(url: URL): Dispatcher {
    return this.guard.isAllowed(url) ? this.allowed : this.guarded;
  }

  /** Finishes what is in flight. */
  async close(): Promise<void> {
    await Promise.all([this.guarded.close(), this.allowed.close()]);
  }
}
