import { read, type Store } from '../store/store.ts';

const KEY = 'unguessable';
const BYTES = 6;

/**
 * A short mark of a text, the same until the browser ends. Pages' processes see it, and the texts are names and addresses that somebody may
 * guess: nobody who has the mark alone can try whether a guess was right.
 */
export class Unguessable {
  private making: Promise<CryptoKey> | undefined;

  constructor(private readonly session: Store) {}

  async markOf(text: string): Promise<string> {
    this.making ??= this.key();
    const mark = await crypto.subtle.sign('HMAC', await this.making, new TextEncoder().encode(text));
    return btoa(String.fromCharCode(...new Uint8Array(mark).subarray(0, BYTES)));
  }

  // The worker may be stopped at any moment: the next one goes on with the same key.
  private async key(): Promise<CryptoKey> {
    const kept = await read<number[]>(this.session, KEY);
    const bytes = kept ?? [...crypto.getRandomValues(new Uint8Array(32))];
    if (kept === undefined) await this.session.set({ [KEY]: bytes });
    return await crypto.subtle.importKey('raw', Uint8Array.from(bytes), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ]);
  }
}
