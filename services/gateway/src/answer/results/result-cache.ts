/**
 * Where answers are kept for all gateways. Keeps texts by key, forgets them when their time is up, and may forget any of them at
 * any moment before. Writing is atomic, the last write counts. Nothing there looks like `undefined`, and so does a cache that cannot be
 * asked: neither reading nor writing rejects.
 */
export interface ResultCache {
  read(key: string): Promise<string | undefined>;
  write(key: string, text: string, keepMs: number): Promise<void>;
}
