// What the background worker is made of. Built anew whenever the browser starts it: nothing here remembers, only storage does.
import { browser } from 'wxt/browser';
import { Account } from '../credentials/account.ts';
import { EitherWay } from '../credentials/either-way.ts';
import { PastedToken } from '../credentials/pasted-token.ts';
import { DisplaySettings } from '../display/display.ts';
import { LastKnown } from '../gateway/last-known.ts';
import { GatewaySites } from '../gateway/site-settings.ts';
import { type Managed, Profiles } from '../profiles/profiles.ts';
import { Unguessable } from './unguessable.ts';

/** What the company's policy says; nothing, where there is none or the browser knows of no policies. */
export const managed = async (): Promise<Managed> => (await browser.storage.managed?.get().catch(() => ({}))) ?? {};

export const profiles = new Profiles(browser.storage.local, managed);
export const display = new DisplaySettings(browser.storage.local);
export const account = new Account(browser.storage.local, browser.storage.session);
export const pastedToken = new PastedToken(browser.storage.local);
export const credentials = new EitherWay([account, pastedToken]);
export const gatewaySites = new GatewaySites(browser.storage.session);
export const lastKnown = new LastKnown(browser.storage.session);
export const marks = new Unguessable(browser.storage.session);
export const ourselves = { id: browser.runtime.id, root: `${location.origin}/` };

/** Content scripts run in the processes of pages: what is kept is not theirs to read. Firefox keeps session storage from them by itself. */
export async function closeStorage(): Promise<void> {
  for (const area of [browser.storage.local, browser.storage.session])
    await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
