import type { Browser } from 'wxt/browser';

const ID = 'loader';
const FILE = 'loader.js';

type Parts = Pick<typeof Browser, never> & {
  permissions: Pick<typeof Browser.permissions, 'getAll'>;
  scripting: Pick<
    typeof Browser.scripting,
    'getRegisteredContentScripts' | 'registerContentScripts' | 'unregisterContentScripts' | 'executeScript'
  >;
  tabs: Pick<typeof Browser.tabs, 'query'>;
};

/** The loader runs where the person allowed it, and nowhere else. Called whenever that has changed. */
export async function followGrants({ permissions, scripting }: Parts): Promise<void> {
  const matches = ((await permissions.getAll()).origins ?? []).filter((origin) => origin.startsWith('https://'));
  const known = await scripting.getRegisteredContentScripts({ ids: [ID] });
  if (known.length > 0) await scripting.unregisterContentScripts({ ids: [ID] });
  if (matches.length === 0) return;
  await scripting.registerContentScripts([
    { id: ID, js: [FILE], matches, runAt: 'document_idle', allFrames: false, persistAcrossSessions: true },
  ]);
}

/** Pages that were open before: a permission, or an update of the extension, should not need a reload. */
export async function enterOpenPages({ scripting, tabs }: Parts, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  for (const { id } of await tabs.query({ url: [...origins] }))
    if (id !== undefined) await scripting.executeScript({ target: { tabId: id }, files: [FILE] }).catch(() => {});
}
