// Every example is checked as the registry checks it, and run as an author's file is run: with answers of the real shape from a fake
// network that knows no other host than those the example declares.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { ICON_NAMES } from '@fingerpost/bar';
import { checkInsights, type Insight, type Metadata } from '@fingerpost/contracts';
import { parse } from 'yaml';
import { checkMetadata } from '../../services/registry/src/build/check-metadata.ts';

export const FOLDER = join(import.meta.dirname, '..');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
// Those say what to change; whatever else lies in the folder is its owner's business.
export const examples = files
  .filter((file) => file.endsWith('.integration.js') && readFileSync(join(FOLDER, file), 'utf8').includes('To change'))
  .sort();
const dataFiles = files
  .filter((file) => file.endsWith('.data.yml'))
  .map((file) => ({ id: basename(file, '.data.yml'), data: parse(readFileSync(join(FOLDER, file), 'utf8')) }));

export type Reply = { status?: number; json: unknown };
interface Call {
  url: URL;
  headers: Record<string, string>;
}

export interface Stage {
  now?: string;
  network?: (url: URL) => Reply;
  data?: typeof dataFiles;
}

/** Loads an example into a context of its own, with the few globals that examples use. */
export function load(file: string, { now, network }: Stage = {}) {
  const calls: Call[] = [];
  const fetch = async (address: string, { headers = {} }: { headers?: Record<string, string> } = {}) => {
    const url = new URL(address);
    if (!metadata.hosts?.includes(url.host)) throw new TypeError(`${url.host} is not among the hosts of ${file}`);
    calls.push({ url, headers });
    if (network === undefined) throw new TypeError('fetch failed');
    const { status = 200, json } = network(url);
    return { ok: status < 300, status, json: async () => structuredClone(json) };
  };
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const globals = createContext({ fetch, logger, URL, URLSearchParams });
  if (now !== undefined)
    runInContext(
      `{ const Real = Date; Date = class extends Real { static now() { return Real.parse('${now}'); } } }`,
      globals,
    );

  const require = (path: string, from: string): unknown => {
    const resolved = join(dirname(from), path.endsWith('.js') ? path : `${path}.js`);
    const module = { exports: {} };
    const wrapped = `(module, require) => {${readFileSync(join(FOLDER, resolved), 'utf8')}\n}`;
    runInContext(wrapped, globals, { filename: resolved })(module, (next: string) => require(next, resolved));
    return module.exports;
  };
  const { metadata: exported, run } = require(file, '') as { metadata: unknown; run: (...given: unknown[]) => unknown };
  const metadata: Metadata = checkMetadata(structuredClone(exported), ['github', 'aws', 'generic']);
  return { metadata, run, calls };
}

export async function answer(
  file: string,
  context: object,
  stage: Stage = {},
): Promise<{ insights: Insight[]; calls: Call[] }> {
  const { metadata, run, calls } = load(file, stage);
  const secrets = Object.fromEntries(
    metadata.requiredSecrets.map((name) => [name, `sealed${name.replaceAll('_', '')}`]),
  );
  const result = await run(context, secrets, stage.data ?? dataFiles);
  const insights = checkInsights(JSON.parse(JSON.stringify(result ?? [])));
  for (const secret of Object.values(secrets)) {
    expect(JSON.stringify(insights)).not.toContain(secret);
    for (const { url } of calls) expect(url.href).not.toContain(secret);
  }
  for (const icon of insights.flatMap(({ icon, items = [] }) => [icon, ...items.map((item) => item.icon)]))
    if (icon !== undefined) expect(ICON_NAMES).toContain(icon);
  return { insights, calls };
}

export const repository = (name: string, section?: object) => ({
  type: 'github',
  url: `https://github.com/${name}`,
  page: { name: 'repository', repository: name, section: { name: 'code', ...section } },
});
export const resource = (service: string, resourceName: string) => ({
  type: 'aws',
  url: 'https://console.aws.amazon.com/',
  scope: { region: 'eu-central-1' },
  service: { name: service, resourceName },
});
export const contents = ({ insights }: { insights: Insight[] }) => insights.map(({ content }) => content);
