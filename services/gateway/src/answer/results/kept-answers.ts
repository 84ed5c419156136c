import {
  type ContextRead,
  checkInsights,
  type Insight,
  type MatchedIntegration,
  MOST_CACHE_SECONDS,
  type RunReply,
} from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';
import type { Question } from '../question.ts';
import { declaredFields, fingerprint, toReadSet } from './read-set.ts';
import type { ResultCache } from './result-cache.ts';

export interface KeptAnswer {
  insights: Insight[];
  /** epoch ms */
  storedAt: number;
  lifetimeMs: number;
}

/** Different runs of one integration may look at different things; more ways than this are not worth looking through. */
const READ_SETS = 8;

/**
 * Answers by all that they belong to: the code, its grant, the secrets, the data, the viewer where it is told, and what the run
 * looked at. In front are objects ready to be sent: what lies in our own memory was put there by ourselves, so checking its seal
 * again would protect from nobody. Behind is the cache that gateways share, where entries are sealed and checked when read.
 */
export class KeptAnswers {
  private readonly ready: LRUCache<string, KeptAnswer>;
  private readonly readSets: LRUCache<string, ContextRead[][]>;

  constructor(
    private readonly shared: ResultCache,
    room: { entries: number; bytes: number },
    private readonly onFault: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.ready = new LRUCache({ max: Math.max(1, room.entries), maxSize: Math.max(1, room.bytes) });
    this.readSets = new LRUCache({ max: Math.max(1, room.entries) });
  }

  /** What can be sent without waiting for anything. */
  atHand(base: string, integration: MatchedIntegration, question: Question): KeptAnswer | undefined {
    let kept: KeptAnswer | undefined;
    for (const key of keysOf(base, integration, question, this.readSets.get(base) ?? []))
      kept = younger(kept, this.ready.get(key));
    return kept;
  }

  /** The youngest of what is at hand and what another gateway has put into the shared cache. */
  async find(base: string, integration: MatchedIntegration, question: Question): Promise<KeptAnswer | undefined> {
    try {
      for (const key of keysOf(base, integration, question, await this.knownReadSets(base, integration)))
        await this.fetch(key);
    } catch (error) {
      this.onFault(error); // a shared cache that fails costs a run, not the answer
    }
    return this.atHand(base, integration, question);
  }

  keep(base: string, integration: MatchedIntegration, question: Question, reply: RunReply): void {
    const lifetimeMs = Math.min(reply.cacheSeconds ?? integration.cacheSeconds, MOST_CACHE_SECONDS) * 1_000;
    if (!(lifetimeMs > 0)) return;
    // What the run remembered may have decided its answer: no read set tells that.
    if (reply.hasRemembered && integration.cacheKey === undefined) return;

    const readSet = toReadSet(reply.reads);
    const [key] = keysOf(base, integration, question, [readSet]);
    const kept: KeptAnswer = { insights: reply.insights, storedAt: this.now(), lifetimeMs };
    const text = JSON.stringify(kept);
    this.put(key!, kept, text);
    this.write(key!, text, lifetimeMs);
    if (integration.cacheKey === undefined) this.learn(base, readSet, lifetimeMs);
  }

  private async fetch(key: string): Promise<void> {
    const text = await this.shared.read(key);
    if (text === undefined) return;
    const shared = parseAnswer(text);
    const ready = this.ready.get(key);
    if (younger(ready, shared) === shared) this.put(key, shared, text);
  }

  private put(key: string, kept: KeptAnswer, text: string): void {
    this.ready.set(key, kept, { size: 2 * (key.length + text.length) + 200 });
  }

  private learn(base: string, readSet: ContextRead[], lifetimeMs: number): void {
    const known = this.readSets.get(base) ?? [];
    const text = JSON.stringify(readSet);
    const others = known.filter((set) => JSON.stringify(set) !== text);
    const sets = [readSet, ...others].slice(0, READ_SETS);
    if (others.length === known.length) this.readSets.set(base, sets);
    this.write(readSetsKey(base), JSON.stringify(sets), lifetimeMs);
  }

  private async knownReadSets(base: string, integration: MatchedIntegration): Promise<ContextRead[][]> {
    if (integration.cacheKey !== undefined) return [];
    const known = this.readSets.get(base) ?? [];
    const shared = parseReadSets(await this.shared.read(readSetsKey(base)));
    const texts = new Set(known.map((set) => JSON.stringify(set)));
    const all = [...known, ...shared.filter((set) => !texts.has(JSON.stringify(set)))].slice(0, READ_SETS);
    if (all.length > known.length) this.readSets.set(base, all);
    return all;
  }

  // Twice the lifetime: an expired answer is better than none when the upstream fails.
  private write(key: string, text: string, lifetimeMs: number): void {
    this.shared.write(key, text, 2 * lifetimeMs).catch(this.onFault);
  }
}

/**
 * Everything but the context that an answer belongs to. A list in JSON, never parts joined by a separator: no two different lists
 * give one text.
 */
export const answerBase = (integration: MatchedIntegration, secretsRevision: string, viewerScope: string): string =>
  JSON.stringify([
    integration.digest,
    integration.grantRevision,
    secretsRevision,
    integration.dataDigest ?? null,
    viewerScope,
  ]);

/** `org`, or the one viewer for whom the answer counts. */
export const viewerScopeOf = (integration: MatchedIntegration, { viewer }: Question): string =>
  integration.scope === 'user' ? viewer.subject : 'org';

function keysOf(
  base: string,
  { cacheKey }: MatchedIntegration,
  { context }: Question,
  readSets: ContextRead[][],
): string[] {
  if (cacheKey !== undefined) return [`declared ${base} ${declaredFields(context, cacheKey)}`];
  return readSets.map((readSet) => `seen ${base} ${fingerprint(context, readSet)}`);
}

const readSetsKey = (base: string) => `reads ${base}`;

function younger(a: KeptAnswer | undefined, b: KeptAnswer | undefined): KeptAnswer | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.storedAt > a.storedAt ? b : a;
}

function parseAnswer(text: string): KeptAnswer {
  const { insights, storedAt, lifetimeMs } = JSON.parse(text) as KeptAnswer;
  return { insights: checkInsights(insights), storedAt: Number(storedAt), lifetimeMs: Number(lifetimeMs) };
}

function parseReadSets(text: string | undefined): ContextRead[][] {
  return text === undefined ? [] : (JSON.parse(text) as ContextRead[][]);
}
