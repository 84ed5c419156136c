// What the stores say. The reasons for permissions come from docs/extension-privacy.md, so that there is one place for them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SUMMARY = 'What your organisation knows about the page you are on.';

const DESCRIPTION = `A fingerpost is the old signpost at a crossroads. This one stands in your browser: on a GitHub repository, in the AWS console, on any
tool that your company names, a bar shows what your organisation knows about that page, and links there. Who is on call? Where are the
logs? Is it up? When may it be deployed?

It needs a Fingerpost gateway, which your platform team hosts. Without one, a demo shows how it looks.

- Each insight appears the moment it is there, and nothing jumps.
- At the top of the page or floating; dark and light; by mouse or by keyboard alone.
- You switch on each site yourself. The extension asks your gateway and nobody else, and keeps no statistics.
- Free software under the Apache License 2.0.`;

export async function writeListing(): Promise<string> {
  const privacy = await readFile(join(import.meta.dirname, '../../docs/extension-privacy.md'), 'utf8');
  const reasons = [...privacy.matchAll(/^\| (`.+?`|a site, .+?) \| (.+?) \| (.+?) \|$/gm)]
    .filter(([, , asked]) => /installation|press/.test(asked!))
    .map(([, name, asked, why]) => `${name} (${asked})\n${why}`);
  return [
    'SUMMARY',
    SUMMARY,
    'DESCRIPTION',
    DESCRIPTION,
    'SINGLE PURPOSE',
    PURPOSE,
    'PERMISSIONS',
    ...reasons,
    '',
  ].join('\n\n');
}

const PURPOSE =
  'Shows, on pages of the sites that the person switched on, what the company’s own gateway knows about that page.';
