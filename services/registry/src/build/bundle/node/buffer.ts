import { Buffer, constants, INSPECT_MAX_BYTES, kMaxLength, SlowBuffer } from 'buffer/';

// The package knows no base64url, except when it reads base64.
const known = Buffer.isEncoding;
const { from, byteLength } = Buffer as unknown as Record<'from' | 'byteLength', (...args: unknown[]) => never>;
const toText = Buffer.prototype.toString;
const plain = (encoding: unknown) => (/^base64url$/i.test(String(encoding)) ? 'base64' : encoding);

Object.assign(Buffer, {
  isEncoding: (encoding: string) => known(plain(encoding) as string),
  from: (data: unknown, encoding?: unknown, length?: unknown) => from.call(Buffer, data, plain(encoding), length),
  byteLength: (data: unknown, encoding?: unknown) => byteLength.call(Buffer, data, plain(encoding)),
});
Buffer.prototype.toString = function (encoding?: BufferEncoding, start?: number, end?: number): string {
  const text = toText.call(this, plain(encoding) as BufferEncoding, start, end);
  return plain(encoding) === encoding ? text : text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};

export const { atob, btoa, Blob, File } = globalThis;
export { Buffer, constants, INSPECT_MAX_BYTES, kMaxLength, SlowBuffer };
export default { Buffer, SlowBuffer, constants, INSPECT_MAX_BYTES, kMaxLength, atob, btoa, Blob, File };
