import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey, Signer, signCertificate, Verifier } from '@fingerpost/platform';
import { openFileRoot } from './file-root.ts';
import { deriveRevisionKey } from './root.ts';

const keyOf = async (folder: string) => (await (await openFileRoot(folder)).publicKeys())[0]!;

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fingerpost-root-'));
  file = join(folder, 'keys', 'root.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the root key', () => {
  it('is made on the first start, for us alone, and is the same on the next', async () => {
    const first = await keyOf(folder);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
    expect(await keyOf(folder)).toEqual(first);
    expect(Object.keys(first).sort()).toEqual(['crv', 'kty', 'x']);
  });

  it('is one key even when two start for the first time at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => keyOf(folder)));
    expect(new Set(keys.map(({ x }) => x)).size).toBe(1);
  });

  it('certifies signers that verifiers with its public half believe', async () => {
    const root = await openFileRoot(folder);
    const { privateKey, publicKey } = await generateSigningKey();
    const certificate = await signCertificate(root.sign, {
      role: 'gateway',
      publicKey,
      expiresAt: Date.now() + 1_000,
    });
    const envelope = await new Signer(privateKey, certificate).sign('ticket', { jti: 'x' });
    expect(await new Verifier(await root.publicKeys()).verify('ticket', envelope)).toEqual({ jti: 'x' });
  });

  it.each([0o644, 0o640, 0o604, 0o660])('is not used when others can read it (%o)', async (mode) => {
    await openFileRoot(folder);
    await chmod(file, mode);
    await expect(openFileRoot(folder)).rejects.toThrow(`chmod 600 ${file}`);
  });

  it('is not used when others may enter its folder', async () => {
    await openFileRoot(folder);
    await chmod(join(folder, 'keys'), 0o755);
    await expect(openFileRoot(folder)).rejects.toThrow(`chmod 700 ${join(folder, 'keys')}`);
  });

  it('is never replaced because its file is damaged, and the error does not quote the file', async () => {
    await openFileRoot(folder);
    const { d } = JSON.parse(await readFile(file, 'utf8'));
    for (const text of [`{"d":"${d}"`, `{"d":"${d}"}`, '']) {
      await writeFile(file, text);
      const error = await openFileRoot(folder).catch((error: Error) => error);
      expect(String(error)).toContain('holds no root key');
      expect(String(error)).not.toContain(d);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('gives a revision key that is the same at each start and differs for another root', async () => {
    const keyIn = async (at: string) => deriveRevisionKey(await openFileRoot(at));
    expect(await keyIn(folder)).toEqual(await keyIn(folder));
    expect(await keyIn(folder)).not.toEqual(await keyIn(join(folder, 'another')));
  });
});
