import type { Grant } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';
import { type ConnectionSettings, Connections } from '../outbound/connections.ts';
import { Guard, type Resolve } from '../outbound/guard.ts';
import { type CallToMake, makeCall } from '../outbound/make-call.ts';
import { Seal } from '../seal/unseal-request.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { NO_MINTER } from './no-minter.ts';
import { PLACEHOLDER } from './world.ts';

export const VALUE = 'ghp_realvalue123';

export interface WaysOutOptions extends ConnectionSettings {
  /** which addresses count as the internet */
  isPublic?: (address: string) => boolean;
}

/** The way out by itself: no tickets, no bus. */
export class WaysOut {
  readonly guard: Guard;
  readonly connections: Connections;
  readonly lent = new Set<Secret>();

  constructor(allowed: string[], resolve?: Resolve, ports?: string[], more: WaysOutOptions = {}) {
    this.guard = new Guard(allowed, resolve, ports, more.isPublic);
    this.connections = new Connections(this.guard, more);
  }

  async call(grant: Grant, url: string, change: Partial<CallToMake> = {}) {
    const { head, body } = await makeCall(this, {
      method: 'GET',
      url: new URL(url),
      headers: [],
      body: new Uint8Array(),
      redirect: 'follow',
      grant,
      lent: this.lent,
      signal: new AbortController().signal,
      checkAgain: () => {},
      ...change,
      seal: change.seal ?? sealFor(grant),
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return { head, body: Buffer.concat(chunks).toString() };
  }

  async outcome(...call: Parameters<WaysOut['call']>): Promise<string> {
    return this.call(...call).then(
      () => 'ok',
      (error) => error.code,
    );
  }

  close(): Promise<void> {
    return this.connections.close();
  }
}

const sealFor = (grant: Grant) =>
  new Seal({ [PLACEHOLDER]: 'GH_TOKEN' }, grant, new MemoryStore({ GH_TOKEN: VALUE }), NO_MINTER);
