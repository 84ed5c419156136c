import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Secret } from '@fingerpost/platform';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { createPrivately, makePrivateFolder, readPrivately, writePrivately } from '../files/private-file.ts';
import { withLock } from '../files/with-lock.ts';
import { formatKeys, parseKeys } from './file-keys.ts';
import type { WritableSecretStore } from './secret-store.ts';

interface Snapshot {
  values: ReadonlyMap<string, Secret>;
  revision: string;
  /** which state of the file this is */
  mark: string;
}

const NOTHING: Snapshot = { values: new Map(), revision: 'empty', mark: 'none' };

/**
 * Secrets in one encrypted file (a JWE, A256GCM). Each read looks whether the file is another one by now, so that a new value counts at
 * once; writing replaces the file as a whole under a lock.
 */
export class FileStore implements WritableSecretStore {
  private snapshot = NOTHING;

  /** `keys` have 32 bytes each, the first one writes; without any a key file beside the root key is used, and made by the first `set`. */
  constructor(
    readonly path: string,
    private readonly keyFile: string,
    private readonly keys: readonly Uint8Array[] = [],
  ) {}

  static in(dataFolder: string, keys?: readonly Uint8Array[]): FileStore {
    return new FileStore(resolve(dataFolder, 'secrets.jwe'), resolve(dataFolder, 'keys', 'secrets.key'), keys);
  }

  async read(name: string): Promise<Secret | undefined> {
    return (await this.now()).values.get(name);
  }

  async has(name: string): Promise<boolean> {
    return (await this.now()).values.has(name);
  }

  async names(): Promise<string[]> {
    return [...(await this.now()).values.keys()].sort();
  }

  async revision(): Promise<string> {
    return (await this.now()).revision;
  }

  set(name: string, value: string): Promise<void> {
    return this.change((values) => void values.set(name, new Secret(value)));
  }

  remove(name: string): Promise<boolean> {
    return this.change((values) => values.delete(name));
  }

  /** The same values under another key: of those given the first, else a new one. Who reads meanwhile is not disturbed. */
  reseal(): Promise<void> {
    return withLock(this.path, async () => {
      this.snapshot = NOTHING;
      const { values, mark } = await this.now();
      if (mark === NOTHING.mark) throw new Error(`${this.path} is not there: no secret has been stored yet.`);
      if (this.keys.length > 0) return this.seal(values, this.keys[0]!);
      const [next, before] = [randomBytes(32), await this.loadKeys()];
      await writePrivately(this.keyFile, formatKeys([next, ...before])); // the file opens before and after
      await this.seal(values, next);
      await writePrivately(this.keyFile, formatKeys([next]));
    });
  }

  private async now(): Promise<Snapshot> {
    const mark = await markOf(this.path);
    if (mark !== this.snapshot.mark) this.snapshot = mark === NOTHING.mark ? NOTHING : await this.load(mark);
    return this.snapshot;
  }

  private async load(mark: string): Promise<Snapshot> {
    const text = await readPrivately(this.path);
    if (text === undefined) return NOTHING;
    const keys = await this.loadKeys();
    let values: Snapshot['values'];
    try {
      values = await openWith(keys, text);
    } catch (cause) {
      // Somebody sealed it anew, and took the old key away between our two looks.
      const markNow = await markOf(this.path);
      if (markNow !== mark) return this.load(markNow);
      throw new Error(`${this.path} does not open with this key: it was written with another one, or it is damaged.`, {
        cause,
      });
    }
    return {
      values,
      // The ciphertext is another one at each write, by its nonce: its digest says that something changed and nothing of what.
      revision: createHash('sha256').update(text).digest('base64url').slice(0, 22),
      mark,
    };
  }

  private async change<T>(edit: (values: Map<string, Secret>) => T): Promise<T> {
    await makePrivateFolder(dirname(this.keyFile));
    return withLock(this.path, async () => {
      this.snapshot = NOTHING; // whatever a clock too coarse may have hidden: start from the file
      const values = new Map((await this.now()).values);
      const key = await this.loadOrMakeKey();
      const result = edit(values);
      await this.seal(values, key);
      return result;
    });
  }

  private async seal(values: ReadonlyMap<string, Secret>, key: Uint8Array): Promise<void> {
    const content = Object.fromEntries([...values].map(([name, secret]) => [name, secret.reveal()]));
    const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(content)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(key);
    await writePrivately(this.path, sealed);
  }

  private async loadKeys(): Promise<readonly Uint8Array[]> {
    if (this.keys.length > 0) return this.keys;
    const text = await readPrivately(this.keyFile);
    if (text === undefined)
      throw new Error(
        `${this.path} is there, but its key ${this.keyFile} is not. Restore it, or set FINGERPOST_SECRETS_KEY.`,
      );
    const keys = parseKeys(text);
    if (keys === undefined) throw new Error(`${this.keyFile} holds no key. Restore it from a backup.`);
    return keys;
  }

  private async loadOrMakeKey(): Promise<Uint8Array> {
    // A new key beside an old file would lock that file for ever; `now()` has opened it by here.
    if (this.keys.length === 0 && this.snapshot.mark === NOTHING.mark)
      await createPrivately(this.keyFile, formatKeys([randomBytes(32)]));
    return (await this.loadKeys())[0]!;
  }
}

/** @throws when none of them opens it */
async function openWith(keys: readonly Uint8Array[], text: string): Promise<Map<string, Secret>> {
  const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  const { plaintext } = await Promise.any(keys.map((key) => compactDecrypt(text, key, algorithms)));
  const content = JSON.parse(new TextDecoder().decode(plaintext)) as Record<string, string>;
  return new Map(Object.entries(content).map(([name, value]) => [name, new Secret(value)]));
}

/** Differs for every write: a rename brings a new inode. */
async function markOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING.mark;
    throw error;
  }
}
