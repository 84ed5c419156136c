import type { Look } from '../look.ts';
import type { Fields, Part } from '../site.ts';
import { isOwner } from './owner.ts';

/** Where in a repository a page is. */
export interface Place {
  repository: string;
  tab: string | undefined;
  rest: string[];
}

/** Any one of these stands on every page of a repository, and nowhere else. */
const HEADER = [
  'meta[name="octolytics-dimension-repository_nwo"]',
  '#code-tab',
  '#repository-container-header',
  'nav[aria-label="Repository"]',
];

/** Addresses of repositories look like many others: the page has to say so too. */
export function placeIn(look: Look): Place | undefined {
  const [owner, name, tab, ...rest] = look.segments;
  if (!isOwner(owner) || name === undefined) return undefined;
  if (!look.isAddressOnly && look.find('the header of the repository', ...HEADER) === undefined) return undefined;
  return { repository: `${owner}/${name}`, tab, rest };
}

export const isInTab = (look: Look, ...tabs: (string | undefined)[]): boolean =>
  isOwner(look.segments[0]) && look.segments[1] !== undefined && tabs.includes(look.segments[2]);

export const inSection = (section: Fields): Fields => ({ page: { section } });

export const repository: Part = {
  name: 'github.repository',
  runsOn: ({ segments }) => isOwner(segments[0]) && segments.length >= 2,
  read(look) {
    const place = placeIn(look);
    if (place === undefined) return undefined;
    const { tab } = place;
    const section: Fields = tab === undefined ? {} : { section: { name: tab } };
    return { page: { name: 'repository', repository: place.repository, ...section } };
  },
};
