import { Bar, barStyles } from '@fingerpost/bar';
import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import type { PageView } from '../page/page-view.ts';
import { Debugging } from './debugging.tsx';
import { debuggingStyles } from './debugging-styles.ts';
import { Floating } from './floating.tsx';
import { guardLinks } from './guard-links.ts';
import { hostStyles } from './host-styles.ts';
import { Tools } from './tools.tsx';
import { useTheme } from './use-theme.ts';

/** The bar as it stands in a page. */
export function PageBar({ view, shadow }: { view: PageView; shadow: ShadowRoot }) {
  const { answer, problem, settings, ...debugged } = useSyncExternalStore(view.subscribe, view.read);
  const { display, linkSchemes } = settings;
  const theme = useTheme(document, display.theme);
  useStyles(shadow, barStyles + debuggingStyles + hostStyles(display.isFloating));
  const { actions } = view;
  const place = useRef<HTMLDivElement>(null);
  const isMoving = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place is another element
  useLayoutEffect(() => {
    const life = new AbortController();
    if (place.current !== null) guardLinks(shadow, place.current, life.signal);
    return () => life.abort();
  }, [shadow, display.isFloating]);
  // With last known answers at hand there is nothing to press: they are worth the room.
  const isMendable = problem?.isForSettings && !(problem.isPassing && answer.answers.size > 0);
  const shownProblem = problem && {
    ...problem,
    remedy: isMendable ? { label: 'Open settings', act: () => actions.openSettings() } : undefined,
  };
  const draw = (handle?: React.ReactNode) => (
    <Bar
      state={answer}
      theme={theme}
      problem={shownProblem}
      linkSchemes={linkSchemes}
      onRetry={actions.retry}
      handle={handle}
    >
      <Tools isFloating={display.isFloating} actions={actions} isMoving={isMoving} />
    </Bar>
  );
  return (
    <>
      {display.isFloating ? (
        <Floating element={place} place={display.place} onPlace={(place) => actions.float(true, place)} draw={draw} />
      ) : (
        <div ref={place} className="place">
          {draw()}
        </div>
      )}
      {display.isDebugging && <Debugging {...debugged} answer={answer} theme={theme} />}
    </>
  );
}

/** Constructed style sheets need no leave of the page's content security policy. Firefox has none for extensions yet: a <style> there. */
function useStyles(shadow: ShadowRoot, text: string): void {
  useLayoutEffect(() => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      const style = shadow.querySelector('style') ?? shadow.appendChild(document.createElement('style'));
      style.textContent = text;
    }
  }, [shadow, text]);
}
