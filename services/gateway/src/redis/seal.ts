import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const FORM = Buffer.from([1]);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ADDRESS_BYTES = 24;
const KEY_BYTES = 32;

/**
 * What gateways put where others may reach it: encrypted and authenticated (AES-256-GCM) with keys that only gateways hold. Whoever
 * has Redis can neither read nor change an entry, nor move a true one to another place, nor test a guess of what is asked.
 */
export class Seal {
  /** @param keys 32 bytes each; the first one writes, all of them read, so that a key can be replaced while gateways run */
  constructor(private readonly keys: readonly Uint8Array[]) {}

  /** Where an entry is written. */
  place(kind: string, key: string): Place {
    return placeOf(this.keys[0]!, kind, key);
  }

  /** Where an entry may be, the place for writing first. */
  places(kind: string, key: string): Place[] {
    return this.keys.map((ours) => placeOf(ours, kind, key));
  }
}

/**
 * One entry's address and its own key. Both follow from the entry's name under a gateways' key. A key for each entry is what binds a
 * text to its place, and what keeps nonces drawn at random far from ever meeting.
 */
export class Place {
  constructor(
    readonly address: string,
    private readonly key: Uint8Array,
  ) {}

  close(text: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    return Buffer.concat([FORM, nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** @returns nothing when no gateway wrote this, here */
  open(bytes: Buffer): string | undefined {
    if (bytes.length < FORM.length + NONCE_BYTES + TAG_BYTES || bytes[0] !== FORM[0]) return undefined;
    const nonce = bytes.subarray(FORM.length, FORM.length + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return (
        decipher.update(bytes.subarray(FORM.length + NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') +
        decipher.final('utf8')
      );
    } catch {
      return undefined;
    }
  }
}

function placeOf(ours: Uint8Array, kind: string, key: string): Place {
  const derived = createHmac('sha512', ours).update(`${kind}\n${key}`).digest();
  return new Place(derived.toString('base64url', 0, ADDRESS_BYTES), derived.subarray(-KEY_BYTES));
}
