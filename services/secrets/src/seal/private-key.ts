/** In PEM and for PGP; in a file of PuTTY's; as a JWK with its private half, also where its JSON stands in JSON. Each by all of its marks. */
const PRIVATE_KEYS: readonly RegExp[][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/],
  [/^PuTTY-User-Key-File-\d+:/m],
  [/"kty\\*"\s*:/, /"[dk]\\*"\s*:/],
];

/** As it is, or in base64, as settings often carry it. */
export const holdsPrivateKey = (value: string): boolean =>
  [value, Buffer.from(value, 'base64').toString('latin1')].some((text) =>
    PRIVATE_KEYS.some((marks) => marks.every((mark) => mark.test(text))),
  );
