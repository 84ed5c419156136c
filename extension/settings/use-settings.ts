import { useEffect, useState } from 'react';
import { browser } from 'wxt/browser';
import { type Display, DisplaySettings } from '../display/display.ts';
import { type Managed, type ProfileList, Profiles } from '../profiles/profiles.ts';

export const displaySettings = new DisplaySettings(browser.storage.local);
export const profiles = new Profiles(
  browser.storage.local,
  async (): Promise<Managed> => (await browser.storage.managed?.get().catch(() => ({}))) ?? {},
);

export interface Stored extends ProfileList {
  display: Display;
  hidden: string[];
}

/** What is kept, and again whenever it has changed, here or elsewhere. */
export function useSettings(): Stored | undefined {
  const [stored, setStored] = useState<Stored>();
  useEffect(() => {
    const read = async () =>
      setStored({
        ...(await profiles.read()),
        display: await displaySettings.read(),
        hidden: await displaySettings.hidden(),
      });
    read();
    browser.storage.local.onChanged.addListener(read);
    return () => browser.storage.local.onChanged.removeListener(read);
  }, []);
  return stored;
}

/** What was chosen shows at once; storage takes a moment to say the same. */
export function useShown<T>(value: T): [T, (value: T) => void] {
  const [shown, show] = useState(value);
  useEffect(() => show(value), [value]);
  return [shown, show];
}
