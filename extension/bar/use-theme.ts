import { useCallback, useSyncExternalStore } from 'react';
import type { Display } from '../display/display.ts';
import { themeOf } from './theme-of.ts';

/** Long enough for a page to fade from one to the other. */
const SOON_MS = 350;

/** As the person chose; `auto` is as the page, which may change its mind, or the system its. */
export function useTheme(document: Document, chosen: Display['theme']): Display['theme'] {
  const follow = useCallback((tell: () => void) => followTheme(document, tell), [document]);
  const ofPage = useSyncExternalStore(follow, () => themeOf(document));
  return chosen === 'auto' ? ofPage : chosen;
}

/** Looks at two elements and none of what stands in them: pages say it there. A new <body> is noticed by what it is in. */
function followTheme(document: Document, tell: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      watch();
      tell();
    }, SOON_MS);
  };
  const observer = new MutationObserver(soon);
  const watch = () => {
    observer.observe(document.documentElement, { attributes: true, childList: true });
    observer.observe(document.body, { attributes: true });
  };
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', soon);
  watch();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    system.removeEventListener('change', soon);
  };
}
