export { makeIdentities } from './make-identities.ts';
