import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey, Signer, signCertificate, Verifier } from '@fingerpost/platform';
import { deriveRevisionKey, loadRootKey } from './signing-key.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fingerpost-root-'));
  file = join(folder, 'keys', 'root.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the root key', () => {
  it('is made on the first start, for us alone, and is the same on the next', async () => {
    const first = await loadRootKey(folder);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
    expect((await loadRootKey(folder)).publicKey).toEqual(first.publicKey);
    expect(Object.keys(first.publicKey).sort()).toEqual(['crv', 'kty', 'x']);
  });

  it('is one key even when two start for the first time at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadRootKey(folder)));
    expect(new Set(keys.map(({ publicKey }) => publicKey.x)).size).toBe(1);
  });

  it('certifies signers that verifiers with its public half believe', async () => {
    const root = await loadRootKey(folder);
    const { privateKey, publicKey } = await generateSigningKey();
    const certificate = await signCertificate(root.privateKey, {
      role: 'gateway',
      publicKey,
      expiresAt: Date.now() + 1_000,
    });
    const envelope = await new Signer(privateKey, certificate).sign('ticket', { jti: 'x' });
    expect(await new Verifier([root.publicKey]).verify('ticket', envelope)).toEqual({ jti: 'x' });
  });

  it.each([0o644, 0o640, 0o604, 0o660])('is not used when others can read it (%o)', async (mode) => {
    await loadRootKey(folder);
    await chmod(file, mode);
    await expect(loadRootKey(folder)).rejects.toThrow(`chmod 600 ${file}`);
  });

  it('is not used when others may enter its folder', async () => {
    await loadRootKey(folder);
    await chmod(join(folder, 'keys'), 0o755);
    await expect(loadRootKey(folder)).rejects.toThrow(`chmod 700 ${join(folder, 'keys')}`);
  });

  it('is never replaced because its file is damaged, and the error does not quote the file', async () => {
    await loadRootKey(folder);
    const { d } = JSON.parse(await readFile(file, 'utf8'));
    for (const text of [`{"d":"${d}"`, `{"d":"${d}"}`, '']) {
      await writeFile(file, text);
      const error = await loadRootKey(folder).catch((error: Error) => error);
      expect(String(error)).toContain('holds no root key');
      expect(String(error)).not.toContain(d);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('gives a revision key that is the same at each start and differs for another root', async () => {
    const [first, again] = [await loadRootKey(folder), await loadRootKey(folder)];
    expect(deriveRevisionKey(first)).toEqual(deriveRevisionKey(again));
    expect(deriveRevisionKey(first)).not.toEqual(deriveRevisionKey(await generateSigningKey()));
  });
});
