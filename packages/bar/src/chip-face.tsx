import type { Insight } from '@fingerpost/contracts';
import type { KeyboardEvent } from 'react';
import { type Chip, STATUS_NAMES, spoken } from './chips.ts';
import { Icon } from './icons/icon.tsx';
import { otherHost } from './other-host.ts';
import { useSafeHref } from './safe-href.ts';

export interface ChipFaceProps {
  chip: Chip;
  /** the one chip that the Tab key reaches */
  isActive: boolean;
  /** found no room in the row; shown by the "more" panel instead */
  isHidden: boolean;
  /** its panel is open */
  isOpen: boolean;
  onOpen(key: string, anchor: HTMLElement): void;
}

export function ChipFace(props: ChipFaceProps) {
  const { chip } = props;
  if (chip.kind === 'pending') return <Skeleton name={chip.integration} isHidden={props.isHidden} />;
  if (chip.kind === 'failure') return <FailureChip {...props} name={chip.integration} />;
  return <InsightChip {...props} insight={chip.insight} isStale={chip.isStale} />;
}

function InsightChip({ insight, isStale, ...props }: ChipFaceProps & { insight: Insight; isStale: boolean }) {
  const href = useSafeHref(insight.type === 'link' ? insight.href : undefined);
  const attributes = {
    ...chipAttributes(props),
    'data-status': insight.status,
    'data-stale': isStale || undefined,
    'data-tip': insight.tooltip,
    'data-from': props.chip.integration,
    'aria-description': insight.tooltip,
  };
  const face = <Face insight={insight} isStale={isStale} href={href} />;

  if (insight.type === 'dropdown')
    return (
      <button type="button" {...attributes} {...opener(props.chip.key, props)}>
        {face}
        <Caret />
      </button>
    );
  if (href !== undefined)
    return (
      <a {...attributes} href={href} target="_blank" rel="noopener noreferrer">
        {face}
      </a>
    );
  return (
    <span {...attributes} role="note" aria-label={spoken(insight, isStale)}>
      {face}
    </span>
  );
}

function Face({ insight, isStale, href }: { insight: Insight; isStale: boolean; href?: string }) {
  return (
    <>
      {insight.icon && <Icon name={insight.icon} />}
      <StatusMark status={insight.status} />
      <span className="label">{insight.content}</span>
      {href !== undefined && <LeadsTo content={insight.content} href={href} />}
      {isStale && (
        <span className="stale">
          <Icon name="clock" />
          <span className="unseen">, older answer</span>
        </span>
      )}
    </>
  );
}

function FailureChip({ name, ...props }: ChipFaceProps & { name: string }) {
  return (
    <button type="button" {...chipAttributes(props)} data-kind="failure" {...opener(props.chip.key, props)}>
      <Icon name="warning" />
      <span className="label">{name}</span>
      <span className="unseen">could not answer</span>
    </button>
  );
}

// As wide as its name suggests, so that little moves when the answer takes its place.
const Skeleton = ({ name, isHidden }: { name: string; isHidden: boolean }) => (
  <span
    className="chip skeleton"
    aria-hidden="true"
    data-hidden={isHidden || undefined}
    style={{ inlineSize: Math.min(150, 44 + name.length * 5) }}
  />
);

/** Where a link leads, if that is not what its text says. */
export function LeadsTo({ content, href }: { content: string; href: string }) {
  const host = otherHost(content, href);
  if (host === undefined) return null;
  return (
    <span className="leads-to">
      <span className="unseen">, leads to </span>
      {host}
    </span>
  );
}

/** The second sign of a status, for those who do not tell the colours apart; its name for those who listen. */
export function StatusMark({ status }: { status: Insight['status'] }) {
  if (status === undefined || status === 'none') return null;
  return (
    <span className="mark" data-status={status}>
      <svg viewBox="0 0 8 8" aria-hidden="true">
        <path d={MARKS[status]} />
      </svg>
      <span className="unseen">{STATUS_NAMES[status]}: </span>
    </span>
  );
}

const MARKS = {
  important: 'M4 .2 7.8 4 4 7.8.2 4z',
  relevant: 'M7 4A3 3 0 1 1 1 4a3 3 0 0 1 6 0z',
  success: 'M.5 4.2 1.6 3.1 3.2 4.7 6.5 1.3 7.6 2.4 3.2 6.9z',
} as const;

const Caret = () => (
  <svg className="caret" viewBox="0 0 8 8" aria-hidden="true">
    <path d="M1.5 2.8 4 5.3 6.5 2.8" fill="none" stroke="currentColor" strokeWidth="1.4" />
  </svg>
);

const chipAttributes = ({ chip, isActive, isHidden }: ChipFaceProps) => ({
  className: 'chip',
  'data-chip': chip.key,
  'data-hidden': isHidden || undefined,
  tabIndex: isActive && !isHidden ? 0 : -1,
});

/** What makes a button open a panel, by press, Enter or the arrow down. */
export const opener = (key: string, { isOpen, onOpen }: Pick<ChipFaceProps, 'isOpen' | 'onOpen'>) => ({
  'aria-haspopup': 'dialog' as const,
  'aria-expanded': isOpen,
  onClick: (event: { currentTarget: HTMLElement }) => onOpen(key, event.currentTarget),
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'ArrowDown' || isOpen) return;
    event.preventDefault();
    onOpen(key, event.currentTarget);
  },
});
