export { segmentsOf } from './look.ts';
export { type Reading, readPage, siteOf, sites } from './read-page.ts';
export type { Fields, Part, Site } from './site.ts';
