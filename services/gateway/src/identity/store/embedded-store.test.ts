import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore } from './embedded-store.ts';
import { identityStoreContract } from './identity-store.contract.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fingerpost-identity-'));
  file = join(folder, 'identity.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

identityStoreContract('a file', async () => {
  const store = await EmbeddedStore.open(file);
  return { store, close: () => store.close() };
});

describe('the file of who is signed in', () => {
  it('is read again after a restart, and by its owner alone', async () => {
    const before = await EmbeddedStore.open(file);
    await before.write('session', 'a', { n: 1 }, { owner: 'anna', keepMs: 60_000 });
    const after = await EmbeddedStore.open(file);
    expect(await after.list('session', 'anna')).toEqual([{ id: 'a', record: { n: 1 } }]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const store of [before, after]) await store.close();
  });

  it('is whole, however many write at once', async () => {
    const store = await EmbeddedStore.open(file);
    await Promise.all(Array.from({ length: 200 }, (_, n) => store.write('session', `${n}`, n)));
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(200);
    await store.close();
  });

  it('that cannot be read is named, with what to do', async () => {
    await writeFile(file, '{');
    await expect(EmbeddedStore.open(file)).rejects.toThrow(/identity\.json cannot be read.*delete it/);
  });
});
