export { makeKeys } from './make-keys.ts';
