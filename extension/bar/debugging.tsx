import type { AnswerEvent, BarProps } from '@fingerpost/bar';
import { useLayoutEffect, useRef } from 'react';
import type { View } from '../page/page-view.ts';

type DebuggingProps = Pick<View, 'sent' | 'log' | 'missing' | 'answer'> & Pick<BarProps, 'theme'>;

/** What is sent, live; what was sought on the page in vain; what came back, and when. */
export function Debugging({ sent, log, missing, answer, theme }: DebuggingProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => element.current?.showPopover(), []);
  return (
    <div className="fingerpost" data-theme={theme}>
      <div ref={element} popover="manual" className="debugging">
        <details open>
          <summary>What Fingerpost sends and hears</summary>
          <h2>Sent</h2>
          <pre>{JSON.stringify(sent, null, 2) ?? 'nothing yet'}</pre>
          {missing.length > 0 && (
            <>
              <h2>Not found on this page</h2>
              <p className="sought">{missing.join('\n')}</p>
            </>
          )}
          <h2>{answer.isDone ? 'Came back' : 'Coming back …'}</h2>
          <ol>
            {log.map(({ event, atMs }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events have no other name, and none ever leaves
              <li key={index}>
                <span className="ms">{atMs.toFixed(0)} ms</span>
                <span>{event.name}</span>
                <span>{saying(event)}</span>
              </li>
            ))}
          </ol>
        </details>
      </div>
    </div>
  );
}

function saying(event: AnswerEvent): string {
  switch (event.name) {
    case 'expected':
      return event.data.integrations.join(', ');
    case 'insight': {
      const { integration, insight, isCached, isStale } = event.data;
      return `${integration}: ${insight.content}${isStale ? ' (old)' : isCached ? ' (kept)' : ''}`;
    }
    case 'failure':
      return `${event.data.integration}: ${event.data.reason} (${event.data.id})`;
    case 'done':
      return `${event.data.count} insights, ${event.data.tookMs} ms at the gateway`;
  }
}
