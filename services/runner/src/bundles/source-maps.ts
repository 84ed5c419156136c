import { gunzipSync } from 'node:zlib';
import { Fault, isFault, registrySubjects } from '@fingerpost/contracts';
import { type Bus, readBytes, readStack } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';

const MOST_BYTES = 5_000_000;
const MOST_JSON_BYTES = 50_000_000;
const TIMEOUT_MS = 1_000;
const MOST_KEPT = 20;

/** Tells authors where in their own files an error came from. Only people read that: a map that does not come is no reason to fail. */
export class SourceMaps {
  private readonly maps = new LRUCache<string, string>({ max: MOST_KEPT });

  constructor(private readonly bus: Bus) {}

  /** The same fault, with `stack`, `file`, `line` and `column` of the author's own files in its detail; of an unknown place the file alone. */
  async explain(error: unknown, digest: string): Promise<unknown> {
    if (!isFault(error) || !isForAuthors(error)) return error;
    try {
      const map = await this.read(digest);
      const { file } = JSON.parse(map) as { file: string };
      const { stack, place } = readStack(String(error.detail?.stack ?? ''), map);
      const detail = { ...error.detail, ...(stack !== '' && { stack }), file, ...place };
      return new Fault(error.code, error.message, { cause: error.cause, detail });
    } catch {
      return error;
    }
  }

  private async read(digest: string): Promise<string> {
    const known = this.maps.get(digest);
    if (known !== undefined) return known;
    const { body } = this.bus.call(registrySubjects.sourceMap, { digest }, { timeoutMs: TIMEOUT_MS });
    const bytes = await readBytes(body, MOST_BYTES, () => new Fault('bus.too_large', 'The source map is too large.'));
    const json = gunzipSync(bytes, { maxOutputLength: MOST_JSON_BYTES }).toString();
    this.maps.set(digest, json);
    return json;
  }
}

// Where nobody can do anything about it, there is nothing to look up: it happens when there is much to do.
const isForAuthors = ({ code }: Fault): boolean => /^(run|outbound|secret)\./.test(code) && code !== 'run.disturbed';
