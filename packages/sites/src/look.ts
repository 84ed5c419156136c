import type { Json, PageContext } from '@fingerpost/contracts';

/** The parts of a document that are read. */
export type Readable = Pick<Document, 'querySelector'>;

export interface Page {
  url: URL;
  /** missing where only an address is known, as on the try page */
  document?: Readable;
  /** what was read here last: a page that is still being drawn does not take away what it told already */
  before?: PageContext;
}

/** One look at a page: what it shows, and what was sought in vain. */
export class Look {
  readonly url: URL;
  readonly before: PageContext | undefined;
  /** the path's parts as people read them */
  readonly segments: readonly string[];
  readonly missing = new Set<string>();
  private readonly document: Readable | undefined;

  constructor({ url, document, before }: Page) {
    this.url = url;
    this.document = document;
    this.before = before;
    this.segments = segmentsOf(url);
  }

  /** The small address that single-page applications keep behind the "#". */
  get inside(): URL {
    return new URL(this.url.hash.slice(1), 'https://inside.invalid/');
  }

  get isAddressOnly(): boolean {
    return this.document === undefined;
  }

  /** What is sought is named, so that people can be told when a site has changed its pages. */
  find(what: string, ...selectors: string[]): Element | undefined {
    const found = this.glimpse(...selectors);
    if (found === undefined && this.document !== undefined) this.missing.add(what);
    return found;
  }

  /** The same for what many pages do without. */
  glimpse(...selectors: string[]): Element | undefined {
    for (const selector of selectors) {
      const found = this.document?.querySelector(selector);
      if (found) return found;
    }
    return undefined;
  }
}

/** Reads `a.b.c` out of a context. */
export function readPathOf(context: PageContext | undefined, ...path: string[]): Json | undefined {
  let at: Json | undefined = context;
  for (const field of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, field)) return undefined;
    at = at[field];
  }
  return at;
}

/** The parts of a path as people read them; what cannot be decoded stays as it is. */
export const segmentsOf = (url: URL): string[] => url.pathname.split('/').filter(Boolean).map(decoded);

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
