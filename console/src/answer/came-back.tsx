import type { AnswerEvent } from '@fingerpost/bar';
import type { Caller } from '../caller/caller.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import type { Asked, LoggedEvent } from './use-answer.ts';
import { Why } from './why.tsx';

/** The stream as it arrived, with the time of every event. */
export function CameBack({ asked, caller }: { asked: Asked; caller: Caller | undefined }) {
  const { log, problem, isAsking } = asked;
  const lastMs = log.at(-1)?.atMs ?? 0;
  return (
    <section className="card came-back" aria-labelledby="came-back" aria-busy={isAsking}>
      <header>
        <h2 id="came-back">What came back</h2>
        <span className="quiet">{sumUp(asked)}</span>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {log.length === 0 && !problem && (
        <p className="empty">{isAsking ? 'Waiting for the first event…' : 'Nothing asked yet.'}</p>
      )}
      {log.length > 0 && (
        <ol className="events">
          {log.map((logged, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows
            <EventRow key={index} {...logged} lastMs={lastMs} caller={caller} />
          ))}
        </ol>
      )}
    </section>
  );
}

function EventRow({ event, atMs, lastMs, caller }: LoggedEvent & { lastMs: number; caller: Caller | undefined }) {
  return (
    <li>
      <details>
        <summary>
          <span className="ms">{formatMs(atMs)}</span>
          <span className="track" aria-hidden="true">
            <i style={{ inlineSize: `${lastMs > 0 ? (atMs / lastMs) * 100 : 0}%` }} />
          </span>
          <span className="event" data-event={event.name}>
            {event.name}
          </span>
          <span className="what">{describe(event)}</span>
        </summary>
        <pre>{JSON.stringify(event.data, null, 2)}</pre>
      </details>
      {event.name === 'failure' && caller && <Why id={event.data.id} caller={caller} />}
    </li>
  );
}

function describe(event: AnswerEvent) {
  switch (event.name) {
    case 'expected':
      return `${event.data.integrations.length} ${event.data.integrations.length === 1 ? 'integration fits' : 'integrations fit'}`;
    case 'insight':
      return (
        <>
          <b>{event.data.integration}</b> {event.data.insight.content}
          {event.data.isStale ? <em>stale</em> : event.data.isCached && <em>cached</em>}
        </>
      );
    case 'failure':
      return (
        <>
          <b>{event.data.integration}</b> {event.data.reason} <code>{event.data.id}</code>
        </>
      );
    case 'done':
      return `${event.data.count} ${event.data.count === 1 ? 'insight' : 'insights'}, ${event.data.cacheHits} from the cache, ${event.data.failedCount} failed; ${formatMs(event.data.tookMs)} in the gateway`;
  }
}

function sumUp({ log, isAsking }: Asked): string {
  const last = log.at(-1);
  if (last === undefined) return '';
  return isAsking ? `${log.length} events so far` : `${log.length} events in ${formatMs(last.atMs)}`;
}

const formatMs = (ms: number) =>
  ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
