import { Agent } from 'undici';
import type { Guard } from './guard.ts';

const OPTIONS = {
  // HTTP/2 would let one connection serve several hosts: what was judged for one would carry another.
  allowH2: false,
  pipelining: 1,
  connections: 64,
  keepAliveTimeout: 4_000,
  // A kept connection is pinned to the addresses of its first moment; not for ever.
  keepAliveMaxTimeout: 60_000,
  maxHeaderSize: 32_768,
};

/** Kept connections, in two sets that never mix: guarded ones, and those to what the operator named. */
export class Connections {
  private readonly guarded: Agent;
  private readonly allowed: Agent;

  constructor(private readonly guard: Guard) {
    this.guarded = new Agent({ ...OPTIONS, connect: { allowH2: false, timeout: 5_000, lookup: guard.lookup } });
    this.allowed = new Agent({ ...OPTIONS, connect: { allowH2: false, timeout: 5_000 } });
  }

  to(url: URL): Agent {
    return this.guard.isAllowed(url) ? this.allowed : this.guarded;
  }

  /** Finishes what is in flight. */
  async close(): Promise<void> {
    await Promise.all([this.guarded.close(), this.allowed.close()]);
  }
}
