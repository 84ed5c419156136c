import type { Grant, Metadata } from '@fingerpost/contracts';

/** What a file became: code that can serve. Never changes; a changed file becomes another version. */
export interface Version extends Metadata {
  file: string;
  digest: string;
  code: Uint8Array;
  /** JSON, gzip */
  sourceMap: Uint8Array;
  hosts: string[];
  areHostsDerived: boolean;
  /** what its grant says, apart from the revision */
  terms: Omit<Grant, 'revision'>;
}
