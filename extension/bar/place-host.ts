import { siteOf } from '@fingerpost/sites';

export type Where = 'integrated' | 'floating' | 'away';

const MOST_RETURNS = 10;

/**
 * Where the bar's host stands in a page. In front of <body>, not in it: single-page applications replace what is in there, and some
 * compare it with what they drew. A page that takes the host out gets it back, but not for ever.
 */
export function placeHost(document: Document, host: HTMLElement, signal: AbortSignal): (where: Where) => void {
  let where: Where = 'away';
  let returns = 0;
  let leaving = new AbortController();

  const stand = () => {
    leaving.abort();
    leaving = new AbortController();
    if (where === 'away') return host.remove();
    if (where === 'integrated' && standInHeader(document, host, leaving.signal)) return;
    document.documentElement.insertBefore(host, document.body);
  };
  const observer = new MutationObserver(() => {
    if (where === 'away' || host.isConnected || returns >= MOST_RETURNS) return;
    returns++;
    stand();
  });
  observer.observe(document.documentElement, { childList: true, subtree: true });
  signal.addEventListener('abort', () => {
    observer.disconnect();
    leaving.abort();
  });
  return (next) => {
    if (next === where) return;
    where = next;
    stand();
  };
}

/**
 * The AWS console fills the window and cannot be pushed down: its header makes room, and gets its height back when the bar leaves.
 */
function standInHeader(document: Document, host: HTMLElement, signal: AbortSignal): boolean {
  if (siteOf(new URL(document.location.href)).name !== 'aws') return false;
  const nav = document.querySelector('nav[role="navigation"], nav[role="presentation"]');
  const row = nav?.parentElement;
  const header = row?.parentElement;
  if (!row || !header || header === document.body) return false;
  const rowHeight = row.getBoundingClientRect().height;
  style(header, { 'flex-direction': 'column', 'block-size': `${rowHeight + BAR_PX}px` }, signal);
  style(row, { 'block-size': `${rowHeight}px`, 'flex-shrink': '0' }, signal);
  header.append(host);
  return true;
}

const BAR_PX = 38;

function style(element: HTMLElement, rules: Record<string, string>, signal: AbortSignal): void {
  for (const [name, value] of Object.entries(rules)) {
    const before = element.style.getPropertyValue(name);
    element.style.setProperty(name, value);
    signal.addEventListener('abort', () => element.style.setProperty(name, before));
  }
}
