import type { Grant, Metadata } from '@fingerpost/contracts';

/** What a file became: code that can serve. Never changes; a changed file becomes another version. Its bytes are in the store. */
export interface Version extends Metadata {
  file: string;
  digest: string;
  hosts: string[];
  areHostsDerived: boolean;
  /** what its grant says, apart from the revision */
  terms: Omit<Grant, 'revision'>;
  /** files that went in, relative to the root: a change of any of them means another version */
  includes: string[];
  /** of all that it was made of: while that is the same, it need not be made again */
  inputs?: string;
}

/** Bytes by their digest, on their way into the store. */
export interface Bundled {
  digest: string;
  bytes: Uint8Array;
  /** of code: JSON, gzip */
  sourceMap?: Uint8Array;
}
