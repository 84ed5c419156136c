// Who speaks? A message's sender is filled in by the browser; everything else in it may be forged by whoever broke into a page's process.
import type { Browser } from 'wxt/browser';
import type { RequestName } from '../messages.ts';

export type Sender = Browser.runtime.MessageSender;

/** A page's content script may ask for this much; the rest is for the extension's own pages. */
const FOR_PAGES = new Set<RequestName>([
  'page.begin',
  'page.load-bar',
  'page.hide',
  'page.float',
  'page.open-settings',
]);

export interface Ourselves {
  id: string;
  /** `chrome-extension://.../` */
  root: string;
}

export function mayAsk(name: RequestName, sender: Sender, us: Ourselves): boolean {
  return FOR_PAGES.has(name) ? originOfPage(sender, us) !== undefined : isOurPage(sender, us);
}

const isOurPage = (sender: Sender, us: Ourselves) => sender.id === us.id && sender.url?.startsWith(us.root) === true;

/** The origin of the page in whose tab a content script of ours speaks. */
export function originOfPage(sender: Sender, us: Ourselves): string | undefined {
  if (sender.id !== us.id || sender.tab?.id === undefined || sender.frameId !== 0) return undefined;
  const url = URL.parse(sender.url ?? '');
  return url?.protocol === 'https:' ? url.origin : undefined;
}
