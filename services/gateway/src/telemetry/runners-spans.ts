import { ERROR_CODES, RUNNER_SPANS, SPAN_ATTRIBUTES, SPAN_KINDS, type SpanRecord } from '@fingerpost/contracts';
import { countSpans, passOnSpan } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';

/** Of one runner in a second; each of its runs has two. */
const MOST_A_SECOND = 1_000;
const MOST_RUNNERS = 1_000;
/** No run is as long, and what is older is not news. */
const LONGEST_MS = 15 * 60_000;
const MOST_CHARS = 200;

/**
 * What runners tell of requests that are traced. They are not believed: a runner that was taken over can speak of what it does itself, in spans
 * that runners have, under its own name (the bus vouches for it), and not more than so many. In a trace that it has never heard of it can
 * say nothing: nobody guesses a trace's id.
 */
export class RunnersSpans {
  private readonly counts = countSpans();
  private readonly told = new LRUCache<string, { second: number; count: number }>({ max: MOST_RUNNERS });

  constructor(
    private readonly passOn: typeof passOnSpan = passOnSpan,
    private readonly now: () => number = Date.now,
  ) {}

  take(runnerId: string, spans: readonly unknown[]): void {
    for (const span of spans) {
      const read = this.hasRoom(runnerId) ? readSpan(span, this.now()) : undefined;
      if (read === undefined) this.counts.refused(1);
      else this.passOn(read, { service: 'fingerpost-runner', instance: runnerId });
    }
  }

  private hasRoom(runnerId: string): boolean {
    const second = Math.floor(this.now() / 1_000);
    const told = this.told.get(runnerId);
    const count = told?.second === second ? told.count + 1 : 1;
    this.told.set(runnerId, { second, count });
    return count <= MOST_A_SECOND;
  }
}

/** Every field by itself: whatever else is in it stays behind. */
function readSpan(value: unknown, now: number): SpanRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, kind, traceId, spanId, parentId, startedAt, tookMs, error, attributes } = value as SpanRecord;
  const isSpan =
    RUNNER_SPANS.includes(name) &&
    SPAN_KINDS.includes(kind) &&
    isId(traceId, 32) &&
    isId(spanId, 16) &&
    isId(parentId, 16) &&
    Math.abs(now - startedAt) <= LONGEST_MS &&
    tookMs >= 0 &&
    tookMs <= LONGEST_MS &&
    (error === undefined || (ERROR_CODES as readonly string[]).includes(error));
  if (!isSpan) return undefined;
  return { name, kind, traceId, spanId, parentId, startedAt, tookMs, error, attributes: readAttributes(attributes) };
}

const isId = (text: unknown, digits: number): boolean =>
  typeof text === 'string' && text.length === digits && /^[0-9a-f]+$/.test(text);

function readAttributes(value: unknown): SpanRecord['attributes'] {
  const all = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const known = SPAN_ATTRIBUTES.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]] as const);
  return Object.fromEntries(known.filter(([, told]) => isShort(told)));
}

const isShort = (told: unknown): boolean =>
  Number.isFinite(told) || (typeof told === 'string' && told.length <= MOST_CHARS && !/\p{Cc}/u.test(told));
