import { createPrivateKey, sign } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { generateSigningKey } from '@fingerpost/platform';
import type { JWK } from 'jose';
import { createPrivately, makePrivateFolder, readPrivately } from '../files/private-file.ts';
import type { Root } from './root.ts';

const fileIn = (dataFolder: string) => resolve(dataFolder, 'keys', 'root.json');

/** A key made on the first start and kept in `<data>/keys/root.json`. */
export async function openFileRoot(dataFolder: string): Promise<Root> {
  const file = fileIn(dataFolder);
  await makePrivateFolder(dirname(file));
  if ((await readPrivately(file)) === undefined) {
    const { privateKey } = await generateSigningKey();
    await createPrivately(file, `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`);
  }
  // Read back in any case: of two first starts at once, both use the key that stayed.
  return importRoot((await readPrivately(file)) ?? '', file);
}

/** The same, for whoever only looks: a key made there would be one that nobody signs with. @throws where there is none */
export async function readFileRoot(dataFolder: string): Promise<Root> {
  const file = fileIn(dataFolder);
  const text = await readPrivately(file);
  if (text === undefined)
    throw new Error(
      `There is no root key in ${file}: the secrets service makes it at its first start. Start it first, name its FINGERPOST_DATA, or, with a root in Vault, VAULT_ADDR and FINGERPOST_ROOT_TRANSIT_KEY.`,
    );
  return importRoot(text, file);
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
