import { createRoot } from 'react-dom/client';
import { hearNotices } from '../messages.ts';
import type { PageView } from '../page/page-view.ts';
import { PageBar } from './page-bar.tsx';
import { placeHost } from './place-host.ts';

/** Puts the bar into the page, and takes it out again when it is hidden or its loader has left. */
export function mountBar(view: PageView): void {
  const { document } = window;
  const host = document.createElement('div');
  const shadow = host.attachShadow({ mode: 'closed' });
  const body = shadow.appendChild(document.createElement('div'));
  keepKeys(shadow);
  const root = createRoot(body);
  root.render(<PageBar view={view} shadow={shadow} />);

  const { signal } = view;
  const place = placeHost(document, host, signal);
  const follow = () => {
    const { isOn, display } = view.read().settings;
    place(isOn ? (display.isFloating ? 'floating' : 'integrated') : 'away');
  };
  follow();
  view.subscribe(follow);
  hearNotices((notice) => notice.name === 'focus-bar' && focusBar(body), signal);
  signal.addEventListener('abort', () => {
    root.unmount();
    host.remove();
  });
}

/** What is typed in the bar is not for the page: its shortcuts would take every letter for a command. */
function keepKeys(shadow: ShadowRoot): void {
  for (const name of ['keydown', 'keyup', 'keypress', 'beforeinput', 'input', 'paste', 'copy', 'cut'])
    shadow.addEventListener(name, (event) => event.stopPropagation());
}

function focusBar(body: HTMLElement): void {
  body.querySelector<HTMLElement>('[data-chip][tabindex="0"], .tool')?.focus();
}
