import { browser } from 'wxt/browser';
import { credentials, display, profiles } from './parts.ts';

/** The icon in the toolbar says when somebody has to do something: name a gateway, or sign in. */
export async function updateBadge(): Promise<void> {
  const [{ active }, { isDemo }] = await Promise.all([profiles.read(), display.read()]);
  const isWell = isDemo || (active !== undefined && (await credentials.read(active)).state === 'signed-in');
  await browser.action.setBadgeBackgroundColor({ color: '#9a1c13' });
  await browser.action.setBadgeText({ text: isWell ? '' : '!' });
  await browser.action.setTitle({
    title: isWell ? 'Fingerpost' : `Fingerpost: ${active ? 'signed out' : 'no gateway yet'}`,
  });
}
