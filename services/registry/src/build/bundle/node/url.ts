import url from 'url/';
import { missing } from './missing.ts';

export const { parse, format, resolve, resolveObject } = url;
export const { URL, URLSearchParams } = globalThis;
export const fileURLToPath = missing('url.fileURLToPath', 'an integration has no files');
export const pathToFileURL = missing('url.pathToFileURL', 'an integration has no files');
export default { parse, format, resolve, resolveObject, URL, URLSearchParams, fileURLToPath, pathToFileURL };
