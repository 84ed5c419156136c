import { type ContextRead, type MatchedIntegration, MOST_CACHE_SECONDS, type RunReply } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';
import type { Question } from '../question.ts';
import { answerKeys, readSetsKey } from './answer-keys.ts';
import { type KeptAnswer, parseAnswer, younger } from './kept-answer.ts';
import { parseReadSets, toReadSet } from './read-set.ts';
import type { ResultCache } from './result-cache.ts';

/** Different runs of one integration may look at different things; more ways than this are not worth looking through. */
const READ_SETS = 8;
/** Up to this part of its lifetime an answer gives up, so that what came together does not end together. */
const JITTER = 0.1;

/**
 * Answers by all that they belong to: the code, its grant, the secrets, the data, the viewer where it is told, and what the run
 * looked at. In front are objects ready to be sent; behind is the cache that gateways share.
 */
export class KeptAnswers {
  private readonly ready: LRUCache<string, KeptAnswer>;
  private readonly readSets: LRUCache<string, ContextRead[][]>;

  constructor(
    private readonly shared: ResultCache,
    room: { entries: number; bytes: number },
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {
    this.ready = new LRUCache({ max: Math.max(1, room.entries), maxSize: Math.max(1, room.bytes) });
    this.readSets = new LRUCache({ max: Math.max(1, room.entries) });
  }

  /** What can be sent without waiting for anything. */
  atHand(base: string, integration: MatchedIntegration, question: Question): KeptAnswer | undefined {
    let kept: KeptAnswer | undefined;
    for (const key of answerKeys(base, integration, question, this.readSets.get(base) ?? []))
      kept = younger(kept, this.ready.get(key));
    return kept;
  }

  /**
   * The youngest of what is at hand and what another gateway has put into the shared cache. One way there and back; two where there
   * are read sets that are new here.
   */
  async find(base: string, integration: MatchedIntegration, question: Question): Promise<KeptAnswer | undefined> {
    const fetchAll = (readSets: ContextRead[][]) =>
      Promise.all(answerKeys(base, integration, question, readSets).map((key) => this.fetch(key)));
    const news = this.newReadSets(base, integration);
    const kept = await fetchAll(this.readSets.get(base) ?? []);
    return [...kept, ...(await fetchAll(await news))].reduce(younger, undefined);
  }

  /** @returns when other gateways can find it; nothing where the answer is for this asker alone */
  keep(
    base: string,
    integration: MatchedIntegration,
    question: Question,
    reply: RunReply,
  ): Promise<unknown> | undefined {
    const allowedMs = Math.min(reply.cacheSeconds ?? integration.cacheSeconds, MOST_CACHE_SECONDS) * 1_000;
    if (!(allowedMs > 0)) return undefined;
    // What the run remembered may have decided its answer: no read set tells that.
    if (reply.hasRemembered && integration.cacheKey === undefined) return undefined;

    const lifetimeMs = allowedMs * (1 - JITTER * this.random());
    const readSet = toReadSet(reply.reads);
    const [key] = answerKeys(base, integration, question, [readSet]);
    const kept: KeptAnswer = { insights: reply.insights, storedAt: this.now(), lifetimeMs };
    const text = JSON.stringify(kept);
    this.put(key!, kept, text);
    return Promise.all([
      this.write(key!, text, lifetimeMs),
      integration.cacheKey === undefined && this.learn(base, readSet, lifetimeMs),
    ]);
  }

  private async fetch(key: string): Promise<KeptAnswer | undefined> {
    const text = await this.shared.read(key);
    const ready = this.ready.get(key);
    const shared = text === undefined ? undefined : parseAnswer(text, this.now());
    if (shared === undefined || younger(ready, shared) === ready) return ready;
    this.put(key, shared, text!);
    return shared;
  }

  private put(key: string, kept: KeptAnswer, text: string): void {
    this.ready.set(key, kept, { size: 2 * (key.length + text.length) + 200 });
  }

  private learn(base: string, readSet: ContextRead[], lifetimeMs: number): Promise<void> {
    const known = this.readSets.get(base) ?? [];
    const sets = [readSet, ...without(known, [readSet])].slice(0, READ_SETS);
    if (without([readSet], known).length > 0) this.readSets.set(base, sets);
    return this.write(readSetsKey(base), JSON.stringify(sets), lifetimeMs);
  }

  private async newReadSets(base: string, integration: MatchedIntegration): Promise<ContextRead[][]> {
    if (integration.cacheKey !== undefined) return [];
    const shared = parseReadSets(await this.shared.read(readSetsKey(base)));
    const known = this.readSets.get(base) ?? [];
    const news = without(shared, known).slice(0, READ_SETS - known.length);
    if (news.length > 0) this.readSets.set(base, [...known, ...news]);
    return news;
  }

  // Twice the lifetime: an expired answer is better than none when the upstream fails.
  private write(key: string, text: string, lifetimeMs: number): Promise<void> {
    return this.shared.write(key, text, 2 * lifetimeMs);
  }
}

const without = (sets: ContextRead[][], others: ContextRead[][]): ContextRead[][] => {
  const texts = new Set(others.map((set) => JSON.stringify(set)));
  return sets.filter((set) => !texts.has(JSON.stringify(set)));
};
