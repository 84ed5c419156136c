import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { AnswerState } from './answer-state.ts';
import { ChipFace, opener } from './chip-face.tsx';
import { type Chip, chipsOf, type Row, rowsOfChips, rowsOfItems } from './chips.ts';
import { Icon } from './icons/icon.tsx';
import { Panel } from './panel.tsx';
import { LinkSchemes } from './safe-href.ts';
import { useTooltip } from './tooltip.tsx';
import { useFit } from './use-fit.ts';
import { useKeptFocus } from './use-kept-focus.ts';

export interface BarProps {
  state: AnswerState;
  /** `auto` follows the system */
  theme?: 'auto' | 'light' | 'dark';
  /** why nothing could be asked; what came before it stays */
  problem?: BarProblem;
  /** asks anew for an integration that could not answer */
  onRetry?(integration: string): void;
  /** schemes of addresses that may be clicked, without their ":" */
  linkSchemes?: readonly string[];
  /** stands at the near end, e.g. a handle to move the bar by */
  handle?: ReactNode;
  /** stands at the far end, e.g. a settings button */
  children?: ReactNode;
}

export interface BarProblem {
  title: string;
  detail?: string;
  /** what the person can do about it */
  remedy?: { label: string; act(): void };
}

const MORE = 'more';

/** What the organisation knows about a page, in one line. Draws `state`; fetches nothing. Needs `barStyles` in its root. */
export function Bar({ linkSchemes, ...props }: BarProps) {
  const strip = <Strip {...props} />;
  return linkSchemes === undefined ? strip : <LinkSchemes value={linkSchemes}>{strip}</LinkSchemes>;
}

function Strip({ state, theme = 'auto', problem, onRetry, handle, children }: Omit<BarProps, 'linkSchemes'>) {
  const root = useRef<HTMLDivElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  const chips = useMemo(() => chipsOf(state), [state]);
  const fitting = useFit(strip, chips);
  const rest = chips.slice(fitting).filter((chip) => chip.kind !== 'pending');
  const [open, setOpen] = useState<{ key: string; anchor: HTMLElement }>();
  const [lastActive, setActive] = useState<string>();
  const { tooltip, hide, handlers } = useTooltip(root);

  const reachable = chips
    .slice(0, fitting)
    .filter((chip) => chip.kind !== 'pending')
    .map((chip) => chip.key);
  if (rest.length > 0) reachable.push(MORE);
  const active = lastActive !== undefined && reachable.includes(lastActive) ? lastActive : reachable[0];

  useKeptFocus(root, active);

  const toggle = useCallback(
    (key: string, anchor: HTMLElement) => {
      hide();
      setOpen((now) => (now?.key === key ? undefined : { key, anchor }));
    },
    [hide],
  );
  const close = useCallback(
    (isFocusKept: boolean) => {
      if (isFocusKept) open?.anchor.focus();
      setOpen(undefined);
    },
    [open],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') hide();
    const next = chipAfter(event.key, reachable, active);
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    root.current?.querySelector<HTMLElement>(`[data-chip="${CSS.escape(next)}"]`)?.focus();
  };

  const panel = open && panelOf(open.key, chips, rest);
  return (
    <div ref={root} className="fingerpost" data-theme={theme} {...handlers}>
      <div
        className="bar"
        role="toolbar"
        aria-label="What is known about this page"
        aria-busy={!state.isDone}
        onKeyDown={onKeyDown}
        onFocus={(event) => setActive(event.target.dataset.chip)}
      >
        {handle}
        <span className="brand" aria-hidden="true">
          <Icon name="fingerpost" />
        </span>
        <div ref={strip} className="strip">
          {chips.map((chip, index) => (
            <ChipFace
              key={chip.kind === 'pending' ? `${chip.key} pending` : chip.key}
              chip={chip}
              isActive={chip.key === active}
              isHidden={index >= fitting}
              isOpen={open?.key === chip.key}
              onOpen={toggle}
            />
          ))}
          {state.isDone && chips.length === 0 && !problem && (
            <span className="nothing">Nothing known about this page yet</span>
          )}
          {problem && chips.length === 0 && <ProblemNote {...problem} />}
        </div>
        {rest.length > 0 && (
          <button
            type="button"
            className="chip more"
            data-chip={MORE}
            tabIndex={active === MORE ? 0 : -1}
            aria-label={`${rest.length} more`}
            {...opener(MORE, { isOpen: open?.key === MORE, onOpen: toggle })}
          >
            +{rest.length}
          </button>
        )}
        {problem && chips.length > 0 && <ProblemNote {...problem} />}
        {children}
      </div>
      {panel && <Panel key={open.key} {...panel} anchor={open.anchor} onClose={close} onRetry={onRetry} />}
      {tooltip}
      <span className="unseen" role="status">
        {sayProgress(state, chips)}
      </span>
    </div>
  );
}

const ProblemNote = ({ title, detail, remedy }: BarProblem) => (
  <>
    <span className="nothing problem" role="alert" title={detail}>
      <Icon name="warning" />
      <span className="label">{title}</span>
    </span>
    {remedy && (
      <button type="button" className="chip remedy" onClick={remedy.act}>
        {remedy.label}
      </button>
    )}
  </>
);

function panelOf(key: string, chips: Chip[], rest: Chip[]): { label: string; rows: Row[] } | undefined {
  if (key === MORE) return rest.length > 0 ? { label: 'More about this page', rows: rowsOfChips(rest) } : undefined;
  const chip = chips.find((each) => each.key === key);
  if (chip?.kind === 'failure') return { label: `${chip.integration} could not answer`, rows: [chip] };
  if (chip?.kind === 'insight') return { label: chip.insight.content, rows: rowsOfItems(chip.insight.items ?? []) };
  return undefined;
}

function chipAfter(key: string, keys: string[], active: string | undefined): string | undefined {
  const at = active === undefined ? -1 : keys.indexOf(active);
  if (key === 'ArrowRight') return keys[(at + 1) % keys.length];
  if (key === 'ArrowLeft') return keys.at(at - 1);
  if (key === 'Home') return keys[0];
  if (key === 'End') return keys.at(-1);
  return undefined;
}

// Said once when all is there: a sentence for every chip would talk over whoever reads the page.
function sayProgress(state: AnswerState, chips: Chip[]): string {
  if (!state.isDone) return '';
  const failed = chips.filter((chip) => chip.kind === 'failure').length;
  const known = chips.length - failed;
  return `Fingerpost: ${known} ${known === 1 ? 'insight' : 'insights'}${failed > 0 ? `, ${failed} could not answer` : ''}`;
}
