export { KeyFolder } from './key-folder.ts';
export { makeIdentities } from './make-identities.ts';
