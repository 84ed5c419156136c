/**
 * Clickjacking: a page may lay a picture of its own over the bar, one that lets presses through, and have people open what they did not
 * see. Chromium knows whether all of an element is really seen. While it is not, a first press opens nothing and says so; a second one
 * is meant. (Firefox does not know; there is nothing to steal there but a look at a page of the company's.)
 */
export function guardLinks(shadow: ShadowRoot, place: HTMLElement, signal: AbortSignal): void {
  let isSeen = true;
  const observer = new IntersectionObserver(
    (entries) => {
      isSeen = (entries.at(-1) as IntersectionObserverEntry & { isVisible?: boolean }).isVisible !== false;
    },
    { trackVisibility: true, delay: 100 } as IntersectionObserverInit,
  );
  observer.observe(place);
  signal.addEventListener('abort', () => observer.disconnect());

  let meant: { link: Element; until: number } | undefined;
  const guard = (event: Event) => {
    const link = (event.target as Element).closest?.('a');
    if (isSeen || !link || !place.contains(link)) return;
    if (meant?.link === link && event.timeStamp < meant.until) return;
    meant = { link, until: event.timeStamp + AGAIN_MS };
    event.preventDefault();
    event.stopImmediatePropagation();
    warn(shadow, place);
  };
  for (const name of ['click', 'auxclick']) shadow.addEventListener(name, guard, { capture: true, signal });
}

const AGAIN_MS = 4_000;

/** In the top layer, above whatever covers the bar. */
function warn(shadow: ShadowRoot, place: HTMLElement): void {
  const note = document.createElement('div');
  note.className = 'tooltip cover-warning';
  note.setAttribute('role', 'alert');
  note.setAttribute('popover', 'manual');
  note.textContent = 'Something on this page lies over the bar. Press again if you mean the bar’s link.';
  (place.querySelector('.fingerpost') ?? shadow).append(note);
  note.showPopover();
  const { left, bottom, top } = place.getBoundingClientRect();
  note.style.left = `${Math.max(8, left + 12)}px`;
  note.style.top = bottom + 60 > window.innerHeight ? `${top - 40}px` : `${bottom + 5}px`;
  setTimeout(() => note.remove(), AGAIN_MS);
}
