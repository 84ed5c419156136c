import { createHash, createPrivateKey, sign } from 'node:crypto';
import { join } from 'node:path';
import { generateSigningKey, type SigningKey } from '@fingerpost/platform';
import type { JWK } from 'jose';
import { createPrivately, makePrivateFolder, readPrivately } from '../files/private-file.ts';

/**
 * The root of all signatures: an Ed25519 key made on the first start and kept in `<data>/keys/root.json`.
 * Its public half is what the other services get as their `rootKeys`.
 */
export async function loadRootKey(dataFolder: string): Promise<SigningKey> {
  const folder = join(dataFolder, 'keys');
  const file = join(folder, 'root.json');
  await makePrivateFolder(folder);
  if ((await readPrivately(file)) === undefined) {
    const { privateKey } = await generateSigningKey();
    await createPrivately(file, `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`);
  }
  // Read back in any case: of two first starts at once, both use the key that stayed.
  return importRootKey((await readPrivately(file)) ?? '', file);
}

async function importRootKey(text: string, file: string): Promise<SigningKey> {
  try {
    const { kty, crv, x, d } = JSON.parse(text) as JWK;
    if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined || d === undefined)
      throw new Error('it is no private Ed25519 JWK');
    const publicKey = { kty, crv, x };
    return { privateKey: createPrivateKey({ key: { ...publicKey, d }, format: 'jwk' }), publicKey };
  } catch (error) {
    // Without the text, which JSON.parse would quote.
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new Error(
      `${file} holds no root key (${why}). Restore it from a backup, or remove it to have a new one made.`,
    );
  }
}

/**
 * A key of this service's own, the same after a restart and on every replica: Ed25519 signs the same text always alike, and nobody
 * else can. The text is no JWS, so this signature is good for nothing else.
 */
export function deriveRevisionKey(rootKey: SigningKey): Uint8Array {
  const text = new TextEncoder().encode('fingerpost: key for secrets.revision');
  return createHash('sha256')
    .update(sign(null, text, rootKey.privateKey))
    .digest();
}
