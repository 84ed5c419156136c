import { readPublicKeys } from './read-public-keys.ts';
import { generateSigningKey } from './signed-envelope.ts';

const [one, two] = [await generateSigningKey(), await generateSigningKey()];
const privateJwk = one.privateKey.export({ format: 'jwk' });

describe("a file with the root's public keys", () => {
  it('holds one key, or several of a rotation', () => {
    expect(readPublicKeys(JSON.stringify(one.publicKey))).toEqual([one.publicKey]);
    expect(readPublicKeys(JSON.stringify({ keys: [one.publicKey, { ...two.publicKey, kid: '2' }] }))).toEqual([
      one.publicKey,
      two.publicKey,
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'x'],
    ['a number', '7'],
    ['no keys', '{"keys":[]}'],
    ['another kind of key', '{"kty":"RSA","n":"AQAB","e":"AQAB"}'],
    ['a key that is too short', JSON.stringify({ ...one.publicKey, x: 'AAAA' })],
    ['a private key', JSON.stringify(privateJwk)],
    ['a private key among others', JSON.stringify({ keys: [two.publicKey, privateJwk] })],
  ])('is refused with %s, and is not quoted', (_what, text) => {
    expect(() => readPublicKeys(text)).toThrow(/it (is|holds)/);
    try {
      readPublicKeys(text);
    } catch (error) {
      expect(String(error)).not.toContain(privateJwk.d);
    }
  });
});
