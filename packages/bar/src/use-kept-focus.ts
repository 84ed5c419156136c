import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * When the chip that has the focus goes (it is tried again, or its answer ran out), the focus would fall back to the
 * page's beginning. The active chip takes it, unless somebody has moved it elsewhere meanwhile.
 */
export function useKeptFocus(root: RefObject<HTMLElement | null>, activeKey: string | undefined): void {
  const isWithin = useRef(false);

  useEffect(() => {
    const element = root.current;
    const enter = () => {
      isWithin.current = true;
    };
    // A focused element that is being taken away reports its leaving too: only one that stays was left on purpose.
    const leave = ({ target }: FocusEvent) =>
      setTimeout(() => {
        const focused = (target as HTMLElement).isConnected ? rootOf(element)?.activeElement : element;
        if (!element?.contains(focused ?? null)) isWithin.current = false;
      });
    element?.addEventListener('focusin', enter);
    element?.addEventListener('focusout', leave);
    return () => {
      element?.removeEventListener('focusin', enter);
      element?.removeEventListener('focusout', leave);
    };
  }, [root]);

  useLayoutEffect(() => {
    const focused = rootOf(root.current)?.activeElement;
    if (!isWithin.current || root.current === null || root.current.contains(focused ?? null)) return;
    if (document.activeElement !== document.body) isWithin.current = false;
    else if (activeKey !== undefined)
      root.current.querySelector<HTMLElement>(`[data-chip="${CSS.escape(activeKey)}"]`)?.focus();
  });
}

const rootOf = (element: HTMLElement | null) => element?.getRootNode() as Document | ShadowRoot | undefined;
