import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalPage } from './local-page.ts';

const HTML = readFileSync(join(import.meta.dirname, 'github.html'), 'utf8');

// The strictness of the real one: nothing may be injected but by those who need no leave.
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self'; require-trusted-types-for 'script'";

/** A repository: its header, its tabs, and links that change the page as GitHub does, without loading another one. */
export function githubPage(url: URL): LocalPage {
  const [owner = '', name = ''] = url.pathname.split('/').filter(Boolean);
  return {
    html: HTML.replaceAll('{{owner}}', owner).replaceAll('{{name}}', name),
    headers: { 'content-security-policy': POLICY },
  };
}
