import { type RefObject, useLayoutEffect } from 'react';

const EDGE = 8;
// Clear of the bar, shadow and all: whoever watches whether something lies over it (the extension does) must not find us there.
const GAP = 8;

/**
 * Keeps a panel under its anchor, inside the window, in the browser's top layer where no page can cover it.
 * Above the anchor only if there is clearly more room. What belongs to a row of a panel stands beside that panel: there are more rows below.
 */
export function useFloat(panel: RefObject<HTMLElement | null>, anchor: HTMLElement): void {
  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return;
    element.showPopover?.();
    const place = () => {
      const at = anchor.getBoundingClientRect();
      const below = window.innerHeight - at.bottom - GAP - EDGE;
      const above = at.top - GAP - EDGE;
      const isAbove = below < 160 && above > below;
      element.toggleAttribute('data-above', isAbove);
      element.style.maxBlockSize = `${Math.max(80, Math.min(400, isAbove ? above : below))}px`;
      const size = element.getBoundingClientRect();
      const list = anchor.closest('.panel')?.getBoundingClientRect();
      const beside = list && leftBeside(list, size.width);
      if (beside !== undefined) {
        element.style.left = `${beside}px`;
        element.style.top = `${at.top + (at.height - size.height) / 2}px`;
        return;
      }
      const left = Math.max(EDGE, Math.min(at.left, window.innerWidth - size.width - EDGE));
      element.style.left = `${left}px`;
      element.style.top = `${isAbove ? at.top - GAP - size.height : at.bottom + GAP}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener('resize', place);
    window.addEventListener('scroll', place, { capture: true, passive: true });
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
      window.removeEventListener('scroll', place, { capture: true });
    };
  }, [panel, anchor]);
}

function leftBeside({ left, right }: DOMRect, width: number): number | undefined {
  if (right + GAP + width <= window.innerWidth - EDGE) return right + GAP;
  return left - GAP - width >= EDGE ? left - GAP - width : undefined;
}

/** Calls `onLeave` at a press outside. Two listeners, because a closed shadow root hides its inside from the document. */
export function useLeave(panel: RefObject<HTMLElement | null>, anchor: HTMLElement, onLeave: () => void): void {
  useLayoutEffect(() => {
    const root = anchor.getRootNode();
    const isIn = (event: Event, ...nodes: (Node | null)[]) =>
      nodes.some((node) => node !== null && event.composedPath().includes(node));
    const inRoot = (event: Event) => {
      if (!isIn(event, panel.current, anchor)) onLeave();
    };
    const outside = (event: Event) => {
      if (root instanceof ShadowRoot && !isIn(event, root.host)) onLeave();
    };
    root.addEventListener('pointerdown', inRoot);
    document.addEventListener('pointerdown', outside);
    return () => {
      root.removeEventListener('pointerdown', inRoot);
      document.removeEventListener('pointerdown', outside);
    };
  }, [panel, anchor, onLeave]);
}
