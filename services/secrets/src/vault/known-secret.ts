import type { KvEntry } from './kv.ts';
import { readTerms, type VaultTerms } from './terms.ts';

/** What is known of a secret without its value. */
export interface KnownSecret {
  /** a version that counts is there, or one is made when needed */
  isThere: boolean;
  /** the version that counts; `undefined` where it is deleted */
  version: number | undefined;
  /** another one whenever the value may be another one */
  mark: string;
  /** @throws Fault `secret.misplaced` where its metadata is not understood */
  terms(): VaultTerms;
}

export function knownSecret(name: string, at: string, entry: KvEntry): KnownSecret {
  const terms = readOrFail(name, at, entry);
  const pinned = terms.isRead ? terms.value.version : undefined;
  const version = aliveVersion(entry, pinned ?? entry.current_version);
  return {
    // One that is not understood is there: whoever reads it is told what is wrong with it.
    isThere: version !== undefined || !terms.isRead || terms.value.dynamic !== undefined,
    version,
    // A secret that was removed and made anew counts its versions from one again.
    mark: `${version} ${entry.versions[String(version)]?.created_time}`,
    terms: () => {
      if (!terms.isRead) throw terms.error;
      return terms.value;
    },
  };
}

type Read = { isRead: true; value: VaultTerms } | { isRead: false; error: unknown };

function readOrFail(name: string, at: string, { custom_metadata }: KvEntry): Read {
  try {
    return { isRead: true, value: readTerms(name, at, custom_metadata ?? {}) };
  } catch (error) {
    return { isRead: false, error };
  }
}

// A time of deletion may lie in the future.
function aliveVersion({ versions }: KvEntry, version: number): number | undefined {
  const found = versions[String(version)];
  if (found === undefined || found.destroyed) return undefined;
  return found.deletion_time === '' || Date.parse(found.deletion_time) > Date.now() ? version : undefined;
}
