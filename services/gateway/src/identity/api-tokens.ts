import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Viewer } from '@fingerpost/contracts';
import { SettingsError } from '@fingerpost/platform';
import { viewerOfToken } from './viewer.ts';

/** What is kept of a token: enough to recognise it, not enough to use it. */
interface TokenEntry {
  name: string;
  sha256: string;
  createdAt: string;
}

const FIRST = 'first';
const LEAST_CHARS = 16;

/** The API tokens that open the door: those of `<data>/api-tokens.json`, and those from the settings. */
export class ApiTokens {
  private readonly known: { digest: Buffer; viewer: Viewer }[];

  private constructor(entries: TokenEntry[], extra: string | undefined) {
    this.known = entries.map(({ name, sha256 }) => ({
      digest: Buffer.from(sha256, 'hex'),
      viewer: viewerOfToken(name),
    }));
    for (const token of tokensIn(extra))
      this.known.push({ digest: digestOf(token), viewer: viewerOfToken('settings') });
  }

  /**
   * Reads the tokens of a data folder. Without a first token, or with one whose hash is not known any more, a new one is made
   * and written to `<data>/token`, readable by the owner alone. `extra` are further ones, separated by commas.
   */
  static async open(dataFolder: string, extra?: string): Promise<ApiTokens> {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const file = join(dataFolder, 'api-tokens.json');
    const entries = parseEntries(await readIfThere(file), file);
    const first = (await readIfThere(join(dataFolder, 'token')))?.trim();
    const isKnown = first !== undefined && entries.some(({ sha256 }) => sha256 === digestOf(first).toString('hex'));
    if (isKnown) return new ApiTokens(entries, extra);

    const renewed = [await makeFirst(dataFolder), ...entries.filter(({ name }) => name !== FIRST)];
    await writePrivately(file, `${JSON.stringify(renewed, null, 2)}\n`);
    return new ApiTokens(renewed, extra);
  }

  /**
   * Whose token this is, as it stood in a header: bytes that Node shows as latin1. Always compares with every entry, so that the
   * time it takes says nothing.
   */
  viewerOf(token: string): Viewer | undefined {
    const digest = digestOf(Buffer.from(token, 'latin1'));
    let viewer: Viewer | undefined;
    for (const entry of this.known) if (timingSafeEqual(entry.digest, digest)) viewer = entry.viewer;
    return viewer;
  }
}

// A comma too many is no token: nothing at all must not open the door, nor the piece of a token that has a comma in it.
function tokensIn(text = ''): string[] {
  const tokens = text
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
  if (tokens.length > 1 && tokens.some((token) => token.length < LEAST_CHARS))
    throw new SettingsError([
      `FINGERPOST_TOKEN: a comma separates tokens, and one of these has fewer than ${LEAST_CHARS} characters`,
    ]);
  return tokens;
}

async function makeFirst(dataFolder: string): Promise<TokenEntry> {
  const token = `fp_${randomBytes(32).toString('base64url')}`;
  await writePrivately(join(dataFolder, 'token'), `${token}\n`);
  return { name: FIRST, sha256: digestOf(token).toString('hex'), createdAt: new Date().toISOString() };
}

function parseEntries(text: string | undefined, file: string): TokenEntry[] {
  if (text === undefined) return [];
  const entries = tryParse(text);
  if (!Array.isArray(entries) || !entries.every(isEntry))
    throw new Error(
      `${file} is not a list of { name, sha256, createdAt }. Mend it, or delete it to start with a new token.`,
    );
  return entries;
}

function isEntry(value: unknown): value is TokenEntry {
  const { name, sha256 } = (value ?? {}) as Partial<TokenEntry>;
  return typeof name === 'string' && name !== '' && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}

// Written aside and renamed: whoever reads sees the old file or the new one, and never one that others may read.
async function writePrivately(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, text, { mode: 0o600, flag: 'wx' });
  await chmod(aside, 0o600);
  await rename(aside, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const digestOf = (token: string | Buffer): Buffer => hash('sha256', token, 'buffer');
