import type { Site } from './site.ts';

/** Any other page: its address, and nothing that stands on it. */
export const generic: Site = { name: 'generic', owns: () => true, parts: [], readsDocument: false };
