import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In the list of what went into a bundle, this stands for all packages. */
export const PACKAGES = 'node_modules';

const NAME = /^(@[^/]+\/[^/]+|[^/]+)/;

export const packageOf = (path: string): string => NAME.exec(path)?.[0] ?? path;

/** The packages that the platform team chose: the direct dependencies in the folder's package.json. */
export async function curatedPackages(root: string): Promise<string[]> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '{}');
  try {
    const { dependencies } = JSON.parse(text) as { dependencies?: Record<string, string> };
    return Object.keys(dependencies ?? {}).sort();
  } catch {
    return [];
  }
}

export function whyNotImportable(name: string, curated: readonly string[]): string {
  if (curated.includes(name))
    return `"${name}" is in package.json but not installed; run: npm ci --prefix <integrations folder>`;
  const others = curated.length === 0 ? 'there are none yet' : `there are ${curated.join(', ')}`;
  return `"${name}" is not among the packages for integrations; the platform team adds it with: npm install ${name} --prefix <integrations folder> (${others})`;
}
