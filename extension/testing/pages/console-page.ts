import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalPage } from './local-page.ts';

const HTML = readFileSync(join(import.meta.dirname, 'console.html'), 'utf8');

/** A cloud console: it fills the window, its header is a flex box of fixed height, and the resource is behind the "#". */
export const consolePage = (_url: URL): LocalPage => ({ html: HTML });
