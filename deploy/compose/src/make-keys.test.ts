import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certify, makeAuthority } from './authority.ts';
import { makeKeys } from './make-keys.ts';

describe('the secrets of a deployment', () => {
  let folder: string;
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  const modeOf = async (file: string) => ((await stat(join(folder, file))).mode & 0o777).toString(8);
  const all = async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return Object.fromEntries(
      await Promise.all(files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')])),
    ) as Record<string, string>;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-keys-'));
    await makeKeys(folder, ['fingerpost.acme.dev']);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('lie where only their owner gets in, those that nobody is lent for their owner’s eyes alone', async () => {
    expect(await modeOf('.')).toBe('700');
    expect(await modeOf('offline/ca.key')).toBe('600');
    expect(await modeOf('nats/offline/operator.nk')).toBe('600');
    expect(await modeOf('redis/password')).toBe('644');
  });

  it('stay as they are when they are made again', async () => {
    const before = await all();
    await makeKeys(folder, ['fingerpost.acme.dev']);
    const after = await all();
    const changed = Object.keys(before).filter((file) => after[file] !== before[file]);
    expect(changed).toEqual(['nats/server/identities.conf']); // the permissions of this release
  });

  it('vouch for each server by the names that it is called by', async () => {
    const authority = new X509Certificate(await read('ca.crt'));
    const edge = new X509Certificate(await read('edge/tls.crt'));
    expect(edge.verify(authority.publicKey) && edge.checkIssued(authority)).toBe(true);
    expect(['fingerpost.acme.dev', 'localhost'].map((name) => edge.checkHost(name))).not.toContain(undefined);
    const nats = new X509Certificate(await read('nats/tls.crt'));
    expect([nats.checkHost('nats'), nats.checkHost('redis')]).toEqual(['nats', undefined]);
  });

  it('have a new certificate where the product is called by a new name, by the same authority', async () => {
    const authority = await read('ca.crt');
    await makeKeys(folder, ['fingerpost.acme.dev', 'signs.acme.dev']);
    expect(new X509Certificate(await read('edge/tls.crt')).checkHost('signs.acme.dev')).toBeDefined();
    expect(await read('ca.crt')).toBe(authority);
  });

  it('leave alone a certificate that the company’s own authority made', async () => {
    const { cert, key } = await certify(['signs.acme.dev'], await makeAuthority());
    await writeFile(join(folder, 'edge/tls.crt'), cert);
    await writeFile(join(folder, 'edge/tls.key'), key);
    await makeKeys(folder, ['fingerpost.acme.dev']);
    expect(await read('edge/tls.crt')).toBe(cert);
  });
});
