import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeys } from './make-keys.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docker-compose.yml'), 'utf8');

/** Each service and what it lists: `networks: [bus, runs]`. */
function listed(what: string): Record<string, string[]> {
  const [, services = ''] = /^services:\n(.*?)^networks:/ms.exec(text) ?? [];
  const blocks = [...services.matchAll(/^ {2}([\w-]+):\n((?: {4}.*\n)+)/gm)];
  return Object.fromEntries(
    blocks.map(([, name, block = '']) => {
      const [, list = ''] = new RegExp(`^ {4}${what}:\\s+\\[(.*)\\]$`, 'm').exec(block) ?? [];
      const names = list.replace(/\{ source: (\w+)[^}]*\}/g, '$1').split(', ');
      return [name, names.filter((one) => one !== '')];
    }),
  );
}

const whereIs = (name: string, lists: Record<string, string[]>) =>
  Object.keys(lists).filter((service) => lists[service]!.includes(name));

describe('docker-compose.yml', () => {
  const networks = listed('networks');
  const secrets = listed('secrets');

  it('lets the runner meet NATS and nobody else', () => {
    expect(networks.runner).toEqual(['runs']);
    expect(whereIs('runs', networks)).toEqual(['runner', 'nats']);
  });

  it('has a way out for the gateway, the registry and the secrets service alone', () => {
    expect(whereIs('out', networks)).toEqual(['gateway', 'registry', 'secrets']);
    const closed = ['bus', 'runs', 'cache', 'database', 'vault', 'edge'];
    for (const network of closed)
      expect(text).toMatch(new RegExp(`^ {2}${network}: ?(&closed|\\*closed|\\n {4}<<: \\*closed)`, 'm'));
    expect(new Set(Object.values(networks).flat())).toEqual(new Set([...closed, 'out', 'front']));
  });

  it('fetches none of our images from elsewhere', () => {
    expect(text).toMatch(/^x-walled: &walled\n {2}pull_policy: never/m);
    const walled = text.match(/^ {4}<<: .*\*(walled|inside|once)\b/gm);
    expect(walled).toHaveLength(text.match(/^ {4}image: /gm)!.length);
    const isFetched = /^ {4}image: fingerpost\/.*\n(?! {4}pull_policy: never)/m;
    for (const file of ['development.yml', 'monitoring.yml'])
      expect(readFileSync(join(import.meta.dirname, '..', file), 'utf8')).not.toMatch(isFetched);
  });

  it('has one service that the world can ask', () => {
    expect(text.match(/^ {4}ports:.*$/gm)).toEqual([expect.stringMatching(/ADDRESS:-127\.0\.0\.1\}:/)]);
    expect(whereIs('front', networks)).toEqual(['edge']);
  });

  it('tells each secret to those alone who need it', () => {
    expect(secrets.runner).toEqual(['ca', 'nats_join']);
    expect(whereIs('nats_runner_key', secrets)).toEqual(['secrets']);
    expect(whereIs('cache_key', secrets)).toEqual(['gateway']);
    expect(whereIs('openbao_unseal_key', secrets)).toEqual(['openbao']);
    expect(whereIs('openbao_secret_id', secrets)).toEqual(['secrets', 'openbao', 'root-key']);
    expect(whereIs('postgres_password', secrets)).toEqual(['postgres']);
  });

  it('asks for all that npm run compose:secrets makes to be lent, and for nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-keys-'));
    await makeKeys(folder);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    await rm(folder, { recursive: true });
    const made = entries
      .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('/offline'))
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
    const lent = made.map((file) => (file.startsWith('edge/') ? 'edge' : file)); // a folder
    const besides = readFileSync(join(import.meta.dirname, '../monitoring.yml'), 'utf8');
    const asked = [...(text + besides).matchAll(/compose\/keys\}\/([^":]+)[":]/g)].map(([, file]) => file!);
    const wanted = new Set(lent.filter((file) => file !== 'nats/server/nats-server.conf'));
    expect([...wanted].sort()).toEqual(asked.sort());
  });
});
