import { extname, join } from 'node:path';

/** Its XML parser for browsers wants a DOM, the other one wants nothing: by its full name the `browser` field does not know it. */
const XML_BUILDER = /@aws-sdk\/xml-builder\/dist-es\/index\.js$/;
const AWS_CHUNKED = /@smithy\/core\/.*\/getAwsChunkedEncodingStream(\.browser)?\.js$/;
const OURS = join(import.meta.dirname, `aws-chunked${extname(import.meta.filename)}`);

/** Whether what this file imports is to be asked for by its full name, past its package's `browser` field. */
export const isSpelledOut = (importer: string): boolean => XML_BUILDER.test(importer);

/** Our own file in place of an SDK's that goes wrong in here. */
export const replacementFor = (path: string): string | undefined => (AWS_CHUNKED.test(path) ? OURS : undefined);
