/** How long a page has to be quiet before it is read again, and how long it may be restless before it is read anyway. */
const QUIET_MS = 250;
const MOST_MS = 1_500;
const LOOK_MS = 1_000;

export interface Following {
  /** the address changed, or what the page shows did */
  onChange(): void;
  /** whether what stands on the page counts, or its address alone */
  readsDocument: boolean;
  signal: AbortSignal;
}

/** Follows a single-page application. Our world has its own `history`: calls of the page are not seen there, their events are. */
export function followPage(window: Window, { onChange, readsDocument, signal }: Following): void {
  const soon = debounced(onChange, signal);
  let address = window.location.href;
  const look = () => {
    if (window.location.href === address) return;
    address = window.location.href;
    soon();
  };

  const navigation = (window as { navigation?: EventTarget }).navigation;
  navigation?.addEventListener('currententrychange', look, { signal });
  for (const event of ['popstate', 'hashchange', 'pageshow']) window.addEventListener(event, look, { signal });
  if (navigation === undefined) {
    const timer = setInterval(look, LOOK_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }
  if (!readsDocument) return;
  const observer = new MutationObserver(soon);
  observer.observe(window.document.documentElement, { childList: true, subtree: true });
  signal.addEventListener('abort', () => observer.disconnect());
}

/** Ten thousand changes cost ten thousand comparisons of two numbers, and one timer. */
function debounced(act: () => void, signal: AbortSignal): () => void {
  let first = 0;
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer));
  const check = () => {
    const now = performance.now();
    const waitMs = Math.min(last + QUIET_MS, first + MOST_MS) - now;
    if (waitMs > 1) {
      timer = setTimeout(check, waitMs);
      return;
    }
    timer = undefined;
    if (!signal.aborted) act();
  };
  return () => {
    last = performance.now();
    if (timer !== undefined || signal.aborted) return;
    first = last;
    timer = setTimeout(check, QUIET_MS);
  };
}
