/** A copy of what was built, with the sites granted that the tests visit, as by a person: the browser's own question cannot be answered by a program. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const GRANTED = [
  'https://github.com/*',
  'https://*.console.aws.amazon.com/*',
  'https://*.acme.dev/*',
  'https://*.evil.dev/*',
  'http://localhost/*',
];

export interface BuiltOptions {
  grants?: string[];
  /** For whoever looks into the bar by other ways than the accessibility tree. That it is closed is tested in Chromium. */
  opensShadowRoots?: boolean;
}

export async function copyBuilt(
  name: 'chrome-mv3' | 'firefox-mv3',
  to: string,
  { grants = GRANTED, opensShadowRoots = false }: BuiltOptions = {},
): Promise<void> {
  await cp(join(import.meta.dirname, '../dist', name), to, { recursive: true });
  const manifest = JSON.parse(await readFile(join(to, 'manifest.json'), 'utf8'));
  await writeFile(join(to, 'manifest.json'), JSON.stringify({ ...manifest, host_permissions: grants }));
  if (!opensShadowRoots) return;
  const program = await readFile(join(to, 'bar.js'), 'utf8');
  await writeFile(join(to, 'bar.js'), program.replace(/mode:\s*(["'`])closed\1/, 'mode:"open"'));
}
