import * as fflate from 'fflate';
import { Buffer } from './buffer.ts';
import { missing } from './missing.ts';

type Done = (error: Error | null, bytes?: Uint8Array) => void;
type Work = (bytes: Uint8Array) => Uint8Array;

const now =
  (work: Work) =>
  (data: string | Uint8Array): Uint8Array =>
    Buffer.from(work(typeof data === 'string' ? Buffer.from(data) : data));

const later = (work: Work) => (data: string | Uint8Array, optionsOrDone: unknown, done?: Done) => {
  const tell = done ?? (optionsOrDone as Done);
  new Promise<Uint8Array>((resolve) => resolve(now(work)(data))).then((bytes) => tell(null, bytes), tell);
};

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;
const unpack: Work = (bytes) => (isGzip(bytes) ? fflate.gunzipSync(bytes) : fflate.unzlibSync(bytes));

export const gzipSync = now(fflate.gzipSync);
export const gunzipSync = now(fflate.gunzipSync);
export const deflateSync = now(fflate.zlibSync);
export const inflateSync = now(fflate.unzlibSync);
export const deflateRawSync = now(fflate.deflateSync);
export const inflateRawSync = now(fflate.inflateSync);
export const unzipSync = now(unpack);
export const gzip = later(fflate.gzipSync);
export const gunzip = later(fflate.gunzipSync);
export const deflate = later(fflate.zlibSync);
export const inflate = later(fflate.unzlibSync);
export const deflateRaw = later(fflate.deflateSync);
export const inflateRaw = later(fflate.inflateSync);
export const unzip = later(unpack);

const none = (name: string) => missing(`zlib.${name}`, 'unpack the whole body with gunzip, inflate or unzip');
export const createGzip = none('createGzip');
export const createGunzip = none('createGunzip');
export const createInflate = none('createInflate');
export const createDeflate = none('createDeflate');
export const createBrotliDecompress = none('createBrotliDecompress');
export const brotliDecompress = none('brotliDecompress');
export const constants = {};

export default {
  ...{ gzipSync, gunzipSync, deflateSync, inflateSync, deflateRawSync, inflateRawSync, unzipSync, constants },
  ...{ gzip, gunzip, deflate, inflate, deflateRaw, inflateRaw, unzip, createGzip, createGunzip, createInflate },
  ...{ createDeflate, createBrotliDecompress, brotliDecompress },
};
