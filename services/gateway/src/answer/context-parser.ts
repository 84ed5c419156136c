import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { type AskedContext, readContext } from './question.ts';

type Done = (error: Error | null, body?: unknown) => void;
type Parse = (request: FastifyRequest, text: string, done: Done) => void;

const ENTRIES = 5_000;
const BYTES = 16_000_000;

/**
 * Makes bodies into contexts. Pages ask again and again, byte for byte the same: a text that was read before is not parsed,
 * checked, put in order and hashed again. Fastify's own parser does the parsing: it refuses `__proto__` in any spelling.
 */
export function contextParser(server: FastifyInstance, sites: readonly string[]): Parse {
  const parse = server.getDefaultJsonParser('error', 'error') as unknown as Parse;
  const known = new LRUCache<string, AskedContext>({
    max: ENTRIES,
    maxSize: BYTES,
    sizeCalculation: (_asked, text) => 4 * text.length + 500, // the text, its canonical twin, and the object
  });
  return (request, text, done) => {
    if (request.routeOptions.config?.takesJson === true) return parse(request, text, done);
    const asked = known.get(text);
    if (asked !== undefined) return done(null, asked);
    parse(request, text, (error, body) => {
      if (error !== null) return done(error);
      try {
        const read = readContext(body, sites);
        known.set(text, read);
        done(null, read);
      } catch (fault) {
        done(fault as Error);
      }
    });
  };
}
