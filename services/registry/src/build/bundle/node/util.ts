import util from 'util/';
import { missing } from './missing.ts';

export const { format, inspect, callbackify, inherits, deprecate, debuglog, types } = util;
export const { isArray, isBoolean, isDate, isError, isFunction, isNull, isNullOrUndefined, isNumber } = util;
export const { isObject, isPrimitive, isRegExp, isString, isSymbol, isUndefined, isBuffer } = util;
export const { TextDecoder, TextEncoder } = globalThis;
export const debug = debuglog;
export const promisify = Object.assign(
  (work: (...args: never[]) => unknown) => (work === globalThis.setTimeout ? wait : util.promisify!(work as never)),
  { custom: (util.promisify as unknown as { custom: symbol }).custom },
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is meant
export const stripVTControlCharacters = (text: string) => text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
export const styleText = (_format: unknown, text: string) => text;
export const parseArgs = missing('util.parseArgs', 'an integration has no command line');
export const isDeepStrictEqual = missing('util.isDeepStrictEqual', 'use assert.deepStrictEqual, or isEqual of lodash');

const wait = <T>(ms: number, value?: T) => new Promise((resolve) => setTimeout(resolve, ms, value));

export default {
  ...util,
  ...{ promisify, TextDecoder, TextEncoder, debug, stripVTControlCharacters, styleText, parseArgs, isDeepStrictEqual },
};
