const KEY = /^[A-Za-z0-9+/_-]{43}=?$/;

/** Keys of 32 bytes in base64, separated by commas: the first one writes, all of them read. @returns nothing when one of them is none */
export function parseKeys(text: string): Uint8Array[] | undefined {
  const texts = text.split(',').map((key) => key.trim());
  return texts.every((key) => KEY.test(key)) ? texts.map((key) => Buffer.from(key, 'base64')) : undefined;
}

export const formatKeys = (keys: readonly Uint8Array[]): string =>
  keys.map((key) => Buffer.from(key).toString('base64url')).join();
