import { Fault, isFault, type SourceFault } from '@fingerpost/contracts';
import type { Version } from '../catalogue/version.ts';
import { grantTerms, type ReviewSettings } from '../review/grant-terms.ts';
import { bundle } from './bundle.ts';
import { checkMetadata } from './check-metadata.ts';
import { deriveHosts } from './derive-hosts.ts';
import type { Inspector } from './inspect.ts';

export interface AdmitSettings extends ReviewSettings {
  allowedContextTypes: readonly string[];
}

export interface Admitted {
  version: Version;
  /** files that went in, relative to the root: a change of any of them means another version */
  includes: string[];
}

/** How a file becomes a version: bundled, asked behind the walls what it says of itself, checked. @throws Fault of the author's */
export async function admitVersion(
  { root, file, path }: { root: string; file: string; path: string },
  inspector: Inspector,
  settings: AdmitSettings,
  signal: AbortSignal,
): Promise<Admitted> {
  const built = await bundle(root, path);
  const { digest, code } = built;
  const said = await inspector.inspect(built, file, signal);
  const metadata = checkMetadata(said.metadata, settings.allowedContextTypes);
  if (!said.hasRun)
    throw new Fault(
      'metadata.invalid',
      'the file exports no function "run"; write run: async function (context) { ... }',
    );

  const hosts =
    metadata.hosts === undefined
      ? { hosts: deriveHosts(Buffer.from(code).toString()), areHostsDerived: true }
      : { hosts: metadata.hosts, areHostsDerived: false };
  const terms = grantTerms(digest, metadata, hosts, settings);
  return { version: { ...metadata, ...hosts, file, digest, code, terms }, includes: built.includes };
}

/** What the catalogue shows of an error; nothing of an unknown one's text. */
export function toSourceFault(file: string, error: unknown): SourceFault {
  if (!isFault(error)) return { file, message: 'could not be read because of a fault of ours; the log knows more' };
  const { file: at, line, column } = (error.detail ?? {}) as Partial<SourceFault>;
  return { file: typeof at === 'string' ? at : file, message: error.message, line, column };
}
