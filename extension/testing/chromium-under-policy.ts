/** Chromium as a company rolls it out: with a policy, which it reads from one folder of the machine. Its namespace has that folder for itself. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findServer } from '@fingerpost/platform/testing';
import { chromiumHere } from './browser.ts';

const bubblewrap = findServer('bwrap');
export const policiesHere = chromiumHere !== undefined && bubblewrap !== undefined;

/** @returns the program to start */
export async function chromiumUnderPolicy(folder: string, managed: object): Promise<string> {
  const policies = join(folder, 'policies');
  await mkdir(policies, { recursive: true });
  const policy = { '3rdparty': { extensions: { [await idOfBuilt()]: managed } } };
  await writeFile(join(policies, 'fingerpost.json'), JSON.stringify(policy));
  const program = join(folder, 'chromium');
  const walls = `--die-with-parent --dev-bind / / --tmpfs /etc/chromium --ro-bind ${policies} /etc/chromium/policies/managed`;
  await writeFile(program, `#!/bin/sh\nexec ${bubblewrap} ${walls} ${chromiumHere} "$@"\n`, { mode: 0o755 });
  return program;
}

/** Chromium's own way from a key to an id: the first half of its hash, in the letters from a to p. */
async function idOfBuilt(): Promise<string> {
  const manifest = await readFile(join(import.meta.dirname, '../dist/chrome-mv3/manifest.json'), 'utf8');
  const hash = createHash('sha256')
    .update(Buffer.from(JSON.parse(manifest).key, 'base64'))
    .digest('hex');
  return hash.slice(0, 32).replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
}
