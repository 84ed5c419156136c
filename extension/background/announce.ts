import { browser } from 'wxt/browser';
import type { Notice } from '../messages.ts';

/** Tells the pages; those without a loader of ours do not hear it. */
export async function announce(
  notice: Notice,
  query: { active?: boolean; currentWindow?: boolean } = {},
): Promise<void> {
  for (const { id } of await browser.tabs.query(query))
    if (id !== undefined) await browser.tabs.sendMessage(id, notice).catch(() => {});
}
