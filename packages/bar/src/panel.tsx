import type { InsightItem } from '@fingerpost/contracts';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { LeadsTo, StatusMark } from './chip-face.tsx';
import { filterRows, type Row, spoken } from './chips.ts';
import { useFloat, useLeave } from './float.ts';
import { Icon } from './icons/icon.tsx';
import { useSafeHref } from './safe-href.ts';

export interface PanelProps {
  label: string;
  rows: readonly Row[];
  anchor: HTMLElement;
  onClose(isFocusKept: boolean): void;
  onRetry?(integration: string): void;
}

const SHOW_FILTER_FROM = 8;

/** What opens under a chip: rows, walked with the arrow keys and narrowed by typing. */
export function Panel({ label, rows, anchor, onClose, onRetry }: PanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  useFloat(panel, anchor);
  useLeave(panel, anchor, () => onClose(false));

  const hits = filterRows(rows, typed);
  const rowElements = () => [...(panel.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  useLayoutEffect(() => {
    const first = panel.current?.querySelector<HTMLElement>('[data-row]') ?? panel.current;
    first?.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (typed !== '') setTyped('');
      else onClose(true);
      return;
    }
    if (event.key === 'Tab') return onClose(true);
    const next = rowAfter(event.key, rowElements(), event.target as HTMLElement);
    const isInFilter = event.target === input.current;
    if (next !== undefined && !(isInFilter && (event.key === 'Home' || event.key === 'End'))) {
      event.preventDefault();
      (next ?? input.current)?.focus();
    } else if (!isInFilter && startsTyping(event)) {
      // The key press that follows lands in the field.
      input.current?.focus();
    } else if (isInFilter && event.key === 'Enter') {
      rowElements()[0]?.click();
    }
  };

  return (
    <div
      ref={panel}
      popover="manual"
      className="panel"
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="filter" data-quiet={(rows.length < SHOW_FILTER_FROM && typed === '') || undefined}>
        <Icon name="search" />
        <input
          ref={input}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="Filter"
          aria-label={`Filter ${label}`}
          spellCheck={false}
          autoComplete="off"
        />
      </div>
      <ul>
        {hits.map((row) => (
          <li key={`${row.kind} ${row.key}`}>
            <RowFace row={row} onRetry={onRetry} onClose={onClose} />
          </li>
        ))}
      </ul>
      {hits.length === 0 && <p className="none">{rows.length === 0 ? 'Nothing here' : `Nothing matches “${typed}”`}</p>}
      <span className="unseen" role="status">
        {typed !== '' && `${hits.filter((row) => row.kind !== 'heading').length} left`}
      </span>
    </div>
  );
}

interface RowFaceProps extends Pick<PanelProps, 'onClose' | 'onRetry'> {
  row: Row;
}

function RowFace({ row, onRetry, onClose }: RowFaceProps) {
  if (row.kind === 'heading') return <div className="heading">{row.content}</div>;
  if (row.kind === 'failure') return <FailureRow {...row} onRetry={onRetry} onClose={onClose} />;
  return <ItemRow item={row.item} onClose={onClose} />;
}

function ItemRow({ item, onClose }: { item: InsightItem } & Pick<PanelProps, 'onClose'>) {
  const attributes = {
    className: 'row',
    'data-row': '',
    'data-status': item.status,
    'data-tip': item.tooltip,
    'aria-description': item.tooltip,
    tabIndex: -1,
  };
  const href = useSafeHref(item.type === 'text' ? undefined : item.href);
  const face = (
    <>
      {item.icon ? <Icon name={item.icon} /> : <span className="icon" />}
      <StatusMark status={item.status} />
      <span className="label">{item.content}</span>
      {href !== undefined && <LeadsTo content={item.content} href={href} />}
    </>
  );
  if (href === undefined)
    return (
      <div {...attributes} role="note" aria-label={spoken(item)}>
        {face}
      </div>
    );
  return (
    <a {...attributes} href={href} target="_blank" rel="noopener noreferrer" onClick={() => onClose(true)}>
      {face}
      <svg className="leaves" viewBox="0 0 8 8" aria-hidden="true">
        <path d="M2 6 6 2M2.8 2H6v3.2" fill="none" stroke="currentColor" />
      </svg>
    </a>
  );
}

function FailureRow(props: Extract<Row, { kind: 'failure' }> & Omit<RowFaceProps, 'row'>) {
  const { integration, reason, id, onRetry, onClose } = props;
  const retry = () => {
    onClose(true);
    onRetry?.(integration);
  };
  return (
    <div className="failure">
      <strong>{integration}</strong>
      <p>Could not answer: {reason}.</p>
      <p className="small">
        The log has more under <code>{id}</code>
      </p>
      {onRetry && (
        <button type="button" className="retry" data-row="" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The row that a key leads to; null is "up, out of the list"; undefined: the key leads nowhere. */
function rowAfter(key: string, rows: HTMLElement[], from: HTMLElement): HTMLElement | null | undefined {
  const at = rows.indexOf(from);
  if (key === 'ArrowDown') return rows[Math.min(at + 1, rows.length - 1)];
  if (key === 'ArrowUp') return at <= 0 ? null : rows[at - 1];
  if (key === 'Home') return rows[0];
  if (key === 'End') return rows.at(-1);
  return undefined;
}

const startsTyping = (event: KeyboardEvent) =>
  event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
