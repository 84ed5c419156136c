import { browser } from 'wxt/browser';

/** A page of the gateway's own, for browsers that have no window for signing in. */
const LANDING = '/oauth/landing';

/** Where the gateway is to send the browser back to. */
export const redirectFor = (gateway: string): string =>
  hasFlow() ? browser.identity.getRedirectURL() : `${gateway}${LANDING}`;

const hasFlow = () => browser.identity?.launchWebAuthFlow !== undefined;

/** To be called at once when a person presses a button: browsers ask nothing later. @returns whether the flow may be followed */
export const mayFollow = (gateway: string): Promise<boolean> =>
  hasFlow() ? Promise.resolve(true) : browser.permissions.request({ origins: [`${gateway}/*`] });

/** Shows an address to the person. @returns where the browser came back to; nothing when the person closed it */
export function comeBack(address: string, redirect: string): Promise<string | undefined> {
  return hasFlow() ? byWindow(address) : byTab(address, redirect);
}

const byWindow = (url: string): Promise<string | undefined> =>
  browser.identity.launchWebAuthFlow({ url, interactive: true }).catch(() => undefined);

async function byTab(address: string, redirect: string): Promise<string | undefined> {
  const { id } = await browser.tabs.create({ url: address });
  return new Promise((resolve) => {
    const end = (at?: string) => {
      browser.tabs.onUpdated.removeListener(onUpdated);
      browser.tabs.onRemoved.removeListener(onRemoved);
      resolve(at);
    };
    const onRemoved = (tab: number) => tab === id && end();
    const onUpdated = (tab: number, { url }: { url?: string }) => {
      if (tab !== id || url?.startsWith(`${redirect}?`) !== true) return;
      end(url);
      browser.tabs.remove(tab).catch(() => {});
    };
    browser.tabs.onUpdated.addListener(onUpdated);
    browser.tabs.onRemoved.addListener(onRemoved);
  });
}
