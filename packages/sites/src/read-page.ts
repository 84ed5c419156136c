import type { Json, PageContext } from '@fingerpost/contracts';
import { aws } from './aws/aws.ts';
import { generic } from './generic.ts';
import { github } from './github/github.ts';
import { gitlab } from './gitlab/gitlab.ts';
import { Look, type Page } from './look.ts';
import type { Fields, Site } from './site.ts';

/** The last one takes every page. */
export const sites: readonly Site[] = [github, aws, gitlab, generic];

export const siteOf = (url: URL): Site => sites.find((site) => site.owns(url)) ?? generic;

export interface Reading {
  context: PageContext;
  /** what was sought in vain, in words: the site may have changed its pages */
  missing: string[];
}

/** What a page tells of itself: the context that is sent to the gateway. */
export function readPage(page: Page, partsOff: readonly string[] = []): Reading {
  const site = siteOf(page.url);
  const look = new Look(page);
  const context: PageContext = { type: site.name, url: addressOf(page.url) };
  for (const part of site.parts)
    if (!partsOff.includes(part.name) && part.runsOn(look)) add(context, part.read(look) ?? {});
  return { context, missing: [...look.missing] };
}

/** Gateways take addresses of 8,192 characters. Of a longer one the end is mostly state of the page's own. */
const addressOf = ({ href, origin, pathname }: URL): string =>
  href.length <= 8_000 ? href : `${origin}${pathname}`.slice(0, 8_000);

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function add(to: Fields, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    const there = to[name];
    if (isFields(value) && isFields(there)) add(there, value);
    else to[name] = isFields(value) ? structuredClone(value) : value;
  }
}
