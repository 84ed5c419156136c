import type { Look } from '../look.ts';
import type { Fields, Part } from '../site.ts';
import { isOwner } from './owner.ts';

/** The page of a person or of an organisation. */
export const profile: Part = {
  name: 'github.profile',
  runsOn: ({ segments: [first, second] }) =>
    first === 'orgs' ? second !== undefined : isOwner(first) && second === undefined,
  read(look) {
    const [first, second, tab] = look.segments;
    if (first === 'orgs') return of(second!, { isOrg: 'true', ...(tab && { section: { name: tab } }) });
    if (!look.isAddressOnly && look.find('the tabs of the profile', ...TABS) === undefined) return undefined;
    const section = { name: look.url.searchParams.get('tab') ?? 'overview' };
    return of(first!, isOrganisation(look) ? { isOrg: 'true', section } : { section });
  },
};

const TABS = ['#repositories-tab', '[data-tab-item="repositories"]', 'nav[aria-label="Organization"]'];
const isOrganisation = (look: Look) =>
  look.glimpse('#people-tab', '[data-tab-item="org-header-people-tab"]', 'nav[aria-label="Organization"]') !==
  undefined;
const of = (username: string, more: Fields): Fields => ({ page: { name: 'profile', username, ...more } });
