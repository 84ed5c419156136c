import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '@fingerpost/registry/bundle';
import { REPOSITORY } from '../server-process.ts';
import type { Files } from '../target.ts';
import type { PageType } from './pages.ts';

const INTEGRATIONS = realpathSync(join(REPOSITORY, 'integrations'));

export type Codes = Readonly<Record<PageType, string>>;

/** As the registry makes them, with the packages of the integrations folder. */
export async function bundled(files: Files): Promise<Codes> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fingerpost-bench-')));
  try {
    const codes = Object.entries(files).map(async ([name, text]) => {
      const path = join(folder, `${name}.integration.js`);
      writeFileSync(path, text);
      return [name, (await bundle(INTEGRATIONS, path)).code];
    });
    return Object.fromEntries(await Promise.all(codes)) as Codes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
