import { join } from 'node:path';

/** The folder that is all that a sandbox process can read; made by build-inside.mjs. */
export const INSIDE = join(import.meta.dirname, '../../dist/inside');
