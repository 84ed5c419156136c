import { hash } from 'node:crypto';
import { checkContext, Fault, type PageContext, type Viewer } from '@fingerpost/contracts';
import { canonicalJson } from '@fingerpost/platform';

/** A context that was checked. */
export interface AskedContext {
  context: PageContext;
  /** the context with its fields in order: equal contexts are equal texts, whatever order the page sent them in */
  canonical: string;
  /** sha256 of that text */
  contextId: string;
}

/** What a page asks: its context, and who looks at it. */
export interface Question extends AskedContext {
  viewer: Viewer;
}

/** @throws Fault `request.invalid` with every error, named by its path */
export function readContext(body: unknown, sites: readonly string[]): AskedContext {
  const context = checkContext(body);
  if (!sites.includes(context.type)) throw unknownSite(sites);
  const canonical = canonicalJson(context);
  return { context, canonical, contextId: hash('sha256', canonical, 'base64url') };
}

function unknownSite(sites: readonly string[]): Fault {
  const message = `must be one of the sites in service: ${sites.join(', ')}`;
  return new Fault('request.invalid', 'The context is not valid.', { detail: { errors: [{ path: 'type', message }] } });
}
