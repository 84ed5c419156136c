import type { Page } from 'playwright-core';
import type { Browsing } from './browser.ts';

/** Signs in in the settings, with the company account: at the development provider one chooses who to be. */
export async function signInAs(name: string, settings: Page, { context }: Pick<Browsing, 'context'>): Promise<void> {
  const opened = context.waitForEvent('page');
  await settings.getByRole('button', { name: 'Sign in with your company account' }).click();
  const provider = await opened;
  await provider.getByRole('button', { name }).click();
}
