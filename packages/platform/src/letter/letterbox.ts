import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

const ALG = 'ECDH-ES';
const ENC = 'A256GCM';

export interface Letterbox {
  /** public; goes along with the question */
  address: JWK;
  /** @throws for a letter to somebody else, and for one that was changed on the way */
  open(letter: string): Promise<string>;
}

/** For answers that must cross the bus closed. Its key lives as long as the question. */
export async function newLetterbox(): Promise<Letterbox> {
  const { privateKey, publicKey } = await generateKeyPair(ALG, { crv: 'X25519' });
  return {
    address: await exportJWK(publicKey),
    open: async (letter) => {
      const { plaintext } = await compactDecrypt(letter, privateKey, {
        keyManagementAlgorithms: [ALG],
        contentEncryptionAlgorithms: [ENC],
      });
      return new TextDecoder().decode(plaintext);
    },
  };
}

/** @throws where the address is none */
export async function letterTo(address: JWK, text: string): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: ALG, enc: ENC })
    .encrypt(await importJWK(address, ALG));
}
