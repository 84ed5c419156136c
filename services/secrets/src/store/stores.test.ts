import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Fault } from '@fingerpost/contracts';
import { Secret } from '@fingerpost/platform';
import { EnvStore } from './env-store.ts';
import { FileStore } from './file-store.ts';
import { LayeredStore } from './layered-store.ts';
import { MemoryStore } from './memory-store.ts';
import { secretStoreContract } from './secret-store.contract.ts';
import { missingFrom, type SecretStore } from './secret-store.ts';

const folders: string[] = [];
const run = { id: 'a run', forgetAt: Number.POSITIVE_INFINITY };
const newFolder = async () => {
  folders.push(await mkdtemp(join(tmpdir(), 'fingerpost-stores-')));
  return folders.at(-1)!;
};

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const secretsOf = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));

const newEnvStore = (values: Record<string, string>) => new EnvStore(secretsOf(values), randomBytes(32));

async function newFileStore(values: Record<string, string>) {
  const folder = await newFolder();
  const other = FileStore.in(folder); // another process, as far as the store under test can tell
  for (const [name, value] of Object.entries(values)) await other.set(name, value);
  const takeAway = async (name: string) => void (await other.remove(name));
  return { folder, store: FileStore.in(folder), change: other.set.bind(other), takeAway };
}

secretStoreContract('the environment', async (values) => ({ store: newEnvStore(values) }));
secretStoreContract('the encrypted file', newFileStore);
secretStoreContract('memory', async (values) => {
  const store = new MemoryStore(values);
  return { store, change: store.set.bind(store), takeAway: async (name) => void (await store.remove(name)) };
});
secretStoreContract('layers', async (values) => {
  const { store, ...rest } = await newFileStore(values);
  return { store: new LayeredStore([store, new MemoryStore()]), ...rest };
});

describe('layers', () => {
  it('let the first that has a name answer', async () => {
    const layers = new LayeredStore([new MemoryStore({ A: 'first' }), new MemoryStore({ A: 'second', B: 'second' })]);
    expect((await layers.read('A', run))?.reveal()).toBe('first');
    expect((await layers.read('B', run))?.reveal()).toBe('second');
    expect(await layers.names()).toEqual(['A', 'B']);
  });
});

describe('layers before one that is away', () => {
  const away = async () => {
    throw new Fault('secret.unavailable', 'Vault is sealed.');
  };
  const binding = async () => ({ hosts: ['api.acme.dev'], howToChange: () => '' });
  const vault: SecretStore = {
    read: away,
    has: away,
    names: away,
    binding,
    revision: async () => 'r',
    outage: () => 'Vault is sealed.',
  };
  const layers = new LayeredStore([new MemoryStore({ A: '1' }), vault]);

  it('have what is theirs, and cannot tell of anything else', async () => {
    expect((await layers.read('A', run))?.reveal()).toBe('1');
    expect(await missingFrom(layers, ['A'])).toEqual([]);
    await expect(layers.read('B', run)).rejects.toMatchObject({ code: 'secret.unavailable' });
    await expect(missingFrom(layers, ['A', 'B'])).rejects.toMatchObject({ code: 'secret.unavailable' });
  });

  it('say so, under a revision that stays', async () => {
    expect(layers.outage()).toBe('Vault is sealed.');
    expect(await layers.revision()).toBe(await layers.revision());
  });

  it('do not bind their own values by what stands behind them', async () => {
    expect(await layers.binding('A')).toBeUndefined();
    expect(await layers.binding('B')).toMatchObject({ hosts: ['api.acme.dev'] });
  });
});

describe('the environment', () => {
  it('has the same revision after a restart, and another one for another value', async () => {
    const key = randomBytes(32);
    const revision = (values: Record<string, string>) => new EnvStore(secretsOf(values), key).revision();
    expect(await revision({ A: '1', B: '2' })).toBe(await revision({ B: '2', A: '1' }));
    expect(await revision({ A: '1' })).not.toBe(await revision({ A: '2' }));
  });
});

describe('the encrypted file', () => {
  it('shows neither names nor values on disk, and nobody else may read it', async () => {
    const { folder } = await newFileStore({ GH_TOKEN: 'ghp_visible' });
    for (const file of ['secrets.jwe', 'keys/secrets.key']) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
      expect(await readFile(join(folder, file), 'utf8')).not.toMatch(/GH_TOKEN|ghp_visible/);
    }
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
    expect((await readdir(folder)).sort()).toEqual(['keys', 'secrets.jwe']);
  });

  it('is not read when others could', async () => {
    const { folder, store } = await newFileStore({ A: '1' });
    await chmod(join(folder, 'secrets.jwe'), 0o644);
    await expect(store.read('A')).rejects.toThrow(`chmod 600 ${join(folder, 'secrets.jwe')}`);
  });

  it('is not read after tampering, nor with another key', async () => {
    const { folder } = await newFileStore({ A: '1' });
    await expect(FileStore.in(folder, [randomBytes(32)]).read('A')).rejects.toThrow('does not open with this key');
    const file = join(folder, 'secrets.jwe');
    const parts = (await readFile(file, 'utf8')).split('.');
    parts[3] = randomBytes(20).toString('base64url');
    await writeFile(file, parts.join('.'));
    await expect(FileStore.in(folder).read('A')).rejects.toThrow('does not open with this key');
  });

  it('takes no other algorithm than its own', async () => {
    const { folder } = await newFileStore({ A: '1' });
    const header = Buffer.from('{"alg":"none","enc":"A256GCM"}').toString('base64url');
    const file = join(folder, 'secrets.jwe');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^[^.]+/, header));
    await expect(FileStore.in(folder).read('A')).rejects.toThrow('does not open');
  });

  it('is not overwritten when its key is lost', async () => {
    const { folder } = await newFileStore({ A: '1' });
    const before = await readFile(join(folder, 'secrets.jwe'), 'utf8');
    await rm(join(folder, 'keys', 'secrets.key'));
    await expect(FileStore.in(folder).set('B', '2')).rejects.toThrow('its key');
    expect(await readFile(join(folder, 'secrets.jwe'), 'utf8')).toBe(before);
  });

  it('loses nothing when many write at once', async () => {
    const folder = await newFolder();
    const names = Array.from({ length: 20 }, (_, index) => `NAME_${index}`);
    await Promise.all(names.map((name) => FileStore.in(folder).set(name, `value of ${name}`)));
    expect((await FileStore.in(folder).names()).length).toBe(20);
  });

  it('takes over the lock of a process that died', async () => {
    const { folder, store } = await newFileStore({ A: '1' });
    const { pid } = spawnSync('true');
    await writeFile(join(folder, 'secrets.jwe.lock'), String(pid));
    await store.set('B', '2');
    expect(await store.names()).toEqual(['A', 'B']);
  });

  it('opens with the key of the settings', async () => {
    const [folder, key] = [await newFolder(), randomBytes(32)];
    await FileStore.in(folder, [key]).set('A', '1');
    expect((await FileStore.in(folder, [key]).read('A'))?.reveal()).toBe('1');
    expect(await readdir(join(folder, 'keys'))).toEqual([]);
  });

  it('turns over to another key of the settings, when it is told to or written', async () => {
    const [folder, old, key] = [await newFolder(), randomBytes(32), randomBytes(32)];
    await FileStore.in(folder, [old]).set('A', '1');
    const both = FileStore.in(folder, [key, old]);
    expect((await both.read('A'))?.reveal()).toBe('1');
    await expect(FileStore.in(folder, [key]).read('A')).rejects.toThrow('does not open');
    await both.reseal();
    expect((await FileStore.in(folder, [key]).read('A'))?.reveal()).toBe('1');
    await expect(FileStore.in(folder, [old]).read('A')).rejects.toThrow('does not open');
  });

  it('turns over to a new key of its own while others read, and the old one opens it no more', async () => {
    const { folder, store } = await newFileStore({ A: '1' });
    const file = join(folder, 'keys', 'secrets.key');
    const old = await readFile(file, 'utf8');
    const seen = new Set<string | undefined>();
    let isOver = false;
    const resealing = Promise.all([1, 2, 3].map(() => FileStore.in(folder).reseal())).finally(() => (isOver = true));
    while (!isOver) seen.add((await FileStore.in(folder).read('A'))?.reveal());
    await resealing;
    expect([...seen]).toEqual(['1']);
    expect((await store.read('A'))?.reveal()).toBe('1');
    expect(await readFile(file, 'utf8')).not.toContain(old.trim());
    await writeFile(file, old);
    await expect(FileStore.in(folder).read('A')).rejects.toThrow('does not open');
  });

  it('is not sealed anew where there is none', async () => {
    await expect(FileStore.in(await newFolder()).reseal()).rejects.toThrow('no secret has been stored');
  });
});

describe('a secret', () => {
  it('shows itself nowhere', () => {
    const secret = new Secret('ghp_hidden');
    const shown = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [{ secret }] }, { showHidden: true, depth: 9 }),
    ];
    shown.push(
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(structuredClone(secret)),
      `${secret as unknown as string}x`,
    );
    for (const text of shown) expect(text).not.toContain('hidden');
    for (const text of shown.slice(0, 5)) expect(text).toContain('[redacted]');
    expect(secret.reveal()).toBe('ghp_hidden');
  });
});
