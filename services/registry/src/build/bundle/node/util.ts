import util from 'util/';

export const { format, inspect, promisify, callbackify, inherits, deprecate, debuglog, types } = util;
export const { isArray, isBoolean, isDate, isError, isFunction, isNull, isNullOrUndefined, isNumber } = util;
export const { isObject, isPrimitive, isRegExp, isString, isSymbol, isUndefined, isBuffer } = util;
export const { TextDecoder, TextEncoder } = globalThis;
export const debug = debuglog;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is meant
export const stripVTControlCharacters = (text: string) => text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
export default {
  ...util,
  ...{ TextDecoder, TextEncoder, debug, stripVTControlCharacters },
};
