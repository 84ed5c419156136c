import type { AnswerEvent } from '@fingerpost/bar';
import type { PageContext } from '@fingerpost/contracts';
import type { Profile } from '../profiles/profiles.ts';
import { read, type Store } from '../store/store.ts';

const MOST = 40;
const INDEX = 'known';

/**
 * The last whole answers, for the time when the gateway is away. In memory alone (session storage): what a company knows is not left
 * on the disk, and is gone with the browser or with signing out.
 */
export class LastKnown {
  constructor(private readonly store: Store) {}

  async keep(profile: Profile, context: PageContext, events: AnswerEvent[]): Promise<void> {
    const key = await keyOf(profile, context);
    const kept = (await read<string[]>(this.store, INDEX)) ?? [];
    const keys = [key, ...kept.filter((each) => each !== key)];
    await this.store.set({ [key]: events, [INDEX]: keys.slice(0, MOST) });
    for (const old of keys.slice(MOST)) await this.store.remove(old);
  }

  /** Marked as old. */
  async recall(profile: Profile, context: PageContext): Promise<AnswerEvent[]> {
    const events = (await read<AnswerEvent[]>(this.store, await keyOf(profile, context))) ?? [];
    return events.map((event) =>
      event.name === 'insight' ? { ...event, data: { ...event.data, isStale: true } } : event,
    );
  }

  async forget(): Promise<void> {
    for (const key of (await read<string[]>(this.store, INDEX)) ?? []) await this.store.remove(key);
    await this.store.remove(INDEX);
  }
}

async function keyOf({ id, gateway }: Profile, context: PageContext): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([id, gateway, context]));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return `known:${btoa(String.fromCharCode(...hash))}`;
}
