import type { Look } from '../look.ts';
import type { Part } from '../site.ts';
import { inSection, isInTab, placeIn } from './repository.ts';

/** Files and folders. A branch may have "/" in its name: where the page shows it, the page knows better than the address. */
export const code: Part = {
  name: 'github.code',
  runsOn: (look) => isInTab(look, undefined, 'tree', 'blob'),
  read(look) {
    const place = placeIn(look);
    if (place === undefined) return undefined;
    if (place.tab === undefined) return inSection({ name: 'code', resource: '', hash: branchShown(look) ?? 'main' });
    const path = place.rest.join('/');
    const shown = branchShown(look);
    const hash = shown !== undefined && `${path}/`.startsWith(`${shown}/`) ? shown : (place.rest[0] ?? '');
    return inSection({ name: 'code', resource: path.slice(hash.length + 1), hash });
  },
};

function branchShown(look: Look): string | undefined {
  const label = look.glimpse('#ref-picker-repos-header-ref-selector', '[data-hotkey="w"]')?.getAttribute('aria-label');
  return /^(\S{1,250}) branch$/.exec(label ?? '')?.[1];
}
