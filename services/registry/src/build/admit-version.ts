import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Fault, isFault, type Metadata, type SourceFault } from '@fingerpost/contracts';
import { readStack } from '@fingerpost/platform';
import { digestOf } from '../catalogue/digest.ts';
import type { Bundled, Version } from '../catalogue/version.ts';
import { grantTerms, type ReviewSettings } from '../review/grant-terms.ts';
import type { Builder } from './builder.ts';
import type { Bundle } from './bundle/bundle.ts';
import { checkMetadata } from './check-metadata.ts';
import { deriveHosts } from './derive-hosts.ts';
import type { Inspector } from './inspector.ts';
import { madeOf } from './made-of.ts';
import { placeOfField } from './place-of-field.ts';

export interface AdmitSettings extends ReviewSettings {
  allowedContextTypes: readonly string[];
}

export interface Admitted {
  version: Version;
  /** nothing where the store has it already */
  bundled?: Bundled;
}

export interface SourceFile {
  root: string;
  file: string;
  path: string;
}

const pack = promisify(gzip);

/** How a file becomes a version: bundled, asked behind the walls what it says of itself, checked. @throws Fault of the author's */
export async function admitVersion(
  { root, file, path }: SourceFile,
  { builder, inspector }: { builder: Builder; inspector: Inspector },
  settings: AdmitSettings,
  signal: AbortSignal,
): Promise<Admitted> {
  const built = await builder.bundle(root, path);
  const code = Buffer.from(built.code);
  const digest = digestOf(code);
  const said = await inspector.inspect(digest, code, signal).catch((error) => {
    throw withPlace(error, built.sourceMap);
  });
  const metadata = check(said.metadata, settings, built);
  if (!said.hasRun)
    throw new Fault(
      'metadata.invalid',
      'the file exports no function "run"; write run: async function (context) { ... }',
    );

  const hosts =
    metadata.hosts === undefined
      ? { hosts: withBound(deriveHosts(built.own.code, built.own.packages), metadata), areHostsDerived: true }
      : { hosts: metadata.hosts, areHostsDerived: false };
  const terms = grantTerms(digest, metadata, hosts, settings);
  const sourceMap = await pack(built.sourceMap);
  const inputs = await madeOf(root, built.includes, settings.allowedContextTypes);
  return {
    version: { ...metadata, ...hosts, file, digest, terms, includes: built.includes, inputs },
    bundled: { digest, bytes: code, sourceMap },
  };
}

/**
 * The same without building, where nothing that went into it has changed since. What it may do is asked anew: settings may have changed.
 * @throws Fault of the author's
 */
export async function admitAgain(
  { root }: SourceFile,
  known: Version,
  settings: AdmitSettings,
): Promise<Admitted | undefined> {
  const { digest, hosts, areHostsDerived, includes, inputs } = known;
  if (inputs === undefined || inputs !== (await madeOf(root, includes, settings.allowedContextTypes))) return undefined;
  return { version: { ...known, terms: grantTerms(digest, known, { hosts, areHostsDerived }, settings) } };
}

function check(said: unknown, { allowedContextTypes }: AdmitSettings, { code, sourceMap }: Bundle): Metadata {
  try {
    return checkMetadata(said, allowedContextTypes);
  } catch (error) {
    if (!isFault(error) || typeof error.detail?.field !== 'string') throw error;
    throw new Fault(error.code, error.message, { detail: { ...placeOfField(error.detail.field, code, sourceMap) } });
  }
}

/** What the author says of a secret counts beside what was guessed. */
const withBound = (hosts: string[], { secrets = {} }: Metadata): string[] => [
  ...new Set([...hosts, ...Object.values(secrets).flatMap((terms) => terms.hosts ?? [])]),
];

/** Code that throws while it is loaded: where, in the author's own file. */
function withPlace(error: unknown, sourceMap: string): unknown {
  if (!isFault(error) || typeof error.detail?.stack !== 'string') return error;
  const { place } = readStack(error.detail.stack, sourceMap);
  return place === undefined ? error : new Fault(error.code, error.message, { detail: { ...place } });
}

/** What the catalogue shows of an error; nothing of an unknown one's text. */
export function toSourceFault(file: string, error: unknown): SourceFault {
  if (!isFault(error)) return { file, message: 'could not be read because of a fault of ours; the log knows more' };
  const { file: at, line, column } = (error.detail ?? {}) as Partial<SourceFault>;
  return { file: typeof at === 'string' ? at : file, message: error.message, line, column };
}
