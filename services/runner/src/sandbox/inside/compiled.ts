import { BoundedMap } from './bounded-map.ts';
import { ivm, type Script } from './ivm.ts';
import type { Room } from './room.ts';

const MOST_COMPILED = 500;
/** In stacks; `readStack` of the platform puts the author's own files in its place. */
const BUNDLE_FILE = 'fingerpost:bundle';

/** Bundles as V8 has compiled them: once for each home and, through V8's cache, once for the process. The cache never leaves it. */
export class Compiled {
  private readonly cached = new BoundedMap<Buffer>(MOST_COMPILED);

  /** without `digest`: code that is seen once */
  async compile({ isolate, home }: Room, digest: string | undefined, code: string): Promise<Script> {
    if (home?.script !== undefined) return home.script;
    // What loading throws is kept for the guest to tell: it is the author's object and not for the host to touch.
    const source = `try {\n${code}\n} catch (error) { globalThis.__loadError = { error }; }`;
    const where = { filename: BUNDLE_FILE, lineOffset: -1 };
    const cachedData = digest === undefined ? undefined : this.cached.get(digest);
    const script = await isolate.compileScript(
      source,
      cachedData === undefined
        ? { ...where, produceCachedData: digest !== undefined }
        : { ...where, cachedData: new ivm.ExternalCopy(Uint8Array.from(cachedData).buffer) as never },
    );
    if (home !== undefined) home.script = script;
    if (digest !== undefined && cachedData === undefined) this.keep(digest, script);
    return script;
  }

  private keep(digest: string, script: Script): void {
    const { cachedData } = script as Script & { cachedData?: { copy(): ArrayBuffer } };
    if (cachedData !== undefined) this.cached.set(digest, Buffer.from(cachedData.copy()));
  }
}
