import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useFloat } from './float.ts';

interface Tip {
  anchor: HTMLElement;
  lines: string[];
  from?: string;
}

const SHOW_AFTER_MS = 350;
const HIDE_AFTER_MS = 120;

/** One tooltip for a whole bar: whatever carries `data-tip`, is older than it should be or is cut short, by pointer and by keyboard. */
export function useTooltip(root: RefObject<HTMLElement | null>) {
  const [tip, setTip] = useState<Tip>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const later = (ms: number, next: Tip | undefined) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTip(next), ms);
  };
  const show = (target: EventTarget, waitMs: number) => {
    const element = target instanceof Element ? target : null;
    if (element?.closest('.tooltip')) return clearTimeout(timer.current);
    const anchor = element?.closest<HTMLElement>('.chip, [data-row]') ?? undefined;
    const next = anchor && root.current?.contains(anchor) ? tipOf(anchor) : undefined;
    later(next === undefined ? HIDE_AFTER_MS : waitMs, next);
  };

  const hide = () => {
    clearTimeout(timer.current);
    setTip(undefined);
  };
  return {
    hide,
    // A tooltip whose anchor has gone would float over nothing.
    tooltip: tip?.anchor.isConnected ? <Tooltip key={tip.lines.join()} {...tip} /> : null,
    handlers: {
      onPointerOver: (event: PointerEvent) =>
        event.pointerType !== 'touch' && show(event.target, tip ? 80 : SHOW_AFTER_MS),
      onPointerLeave: () => later(HIDE_AFTER_MS, undefined),
      onFocus: (event: { target: EventTarget & Element }) =>
        event.target.matches(':focus-visible') && show(event.target, 80),
      onBlur: () => later(HIDE_AFTER_MS, undefined),
    },
  };
}

function Tooltip({ anchor, lines, from }: Tip) {
  const element = useRef<HTMLDivElement>(null);
  useFloat(element, anchor);
  return (
    // Hidden from screen readers, which hear the same as the anchor's description.
    <div ref={element} popover="manual" className="tooltip" aria-hidden="true">
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      {from && <div className="small">{from}</div>}
    </div>
  );
}

function tipOf(anchor: HTMLElement): Tip | undefined {
  const label = anchor.querySelector<HTMLElement>('.label');
  const isCut = label !== null && label.scrollWidth > label.clientWidth + 1;
  const lines = [
    isCut ? label?.textContent : undefined,
    anchor.dataset.tip,
    anchor.dataset.stale && 'An older answer, shown until a fresh one is there.',
  ].filter((line): line is string => Boolean(line));
  return lines.length === 0 ? undefined : { anchor, lines, from: anchor.dataset.from };
}
