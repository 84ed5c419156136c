import { createPrivateKey, sign } from 'node:crypto';
import { join } from 'node:path';
import { generateSigningKey } from '@fingerpost/platform';
import type { JWK } from 'jose';
import { createPrivately, makePrivateFolder, readPrivately } from '../files/private-file.ts';
import type { Root } from './root.ts';

/** A key made on the first start and kept in `<data>/keys/root.json`. */
export async function openFileRoot(dataFolder: string): Promise<Root> {
  const folder = join(dataFolder, 'keys');
  const file = join(folder, 'root.json');
  await makePrivateFolder(folder);
  if ((await readPrivately(file)) === undefined) {
    const { privateKey } = await generateSigningKey();
    await createPrivately(file, `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`);
  }
  // Read back in any case: of two first starts at once, both use the key that stayed.
  return importRoot((await readPrivately(file)) ?? '', file);
}

function importRoot(text: string, file: string): Root {
  try {
    const { kty, crv, x, d } = JSON.parse(text) as JWK;
    if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined || d === undefined)
      throw new Error('it is no private Ed25519 JWK');
    const publicKey = { kty, crv, x };
    const privateKey = createPrivateKey({ key: { ...publicKey, d }, format: 'jwk' });
    return { sign: async (bytes) => sign(null, bytes, privateKey), publicKeys: async () => [publicKey] };
  } catch (error) {
    // Without the text, which JSON.parse would quote.
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new Error(
      `${file} holds no root key (${why}). Restore it from a backup, or remove it to have a new one made.`,
    );
  }
}
