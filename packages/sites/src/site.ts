import type { Json } from '@fingerpost/contracts';
import type { Look } from './look.ts';

export type Fields = { [field: string]: Json };

/** One thing that a site's pages tell. */
export interface Part {
  /** by which it is switched off from afar, e.g. `github.actions` */
  name: string;
  /** where it runs */
  runsOn(look: Look): boolean;
  /** what it reads; nothing rather than something doubtful */
  read(look: Look): Fields | undefined;
}

export interface Site {
  /** the `type` of its contexts, and its name in the gateway's settings */
  name: string;
  owns(url: URL): boolean;
  /** later parts add to what earlier ones read */
  parts: readonly Part[];
  /** whether its pages are told apart by more than their address */
  readsDocument: boolean;
}
