import type { Place, Seal } from '../../redis/seal.ts';
import type { Shelf } from './identity-store.ts';
import { PREFIX } from './redis-scripts.ts';

/** What is kept of a record beside its name. */
export interface Kept {
  record: unknown;
  owner?: string;
  /** ms; absent: for good */
  until?: number;
}

const SIZE_BYTES = 2;

/**
 * Records as Redis has them: two sealed texts, the name, which whoever lists a shelf opens, and what is kept, bound to that name. Whoever
 * has Redis learns neither what is kept nor whose it is. All places come in the order of the keys, that for writing first.
 */
export class SealedRecords {
  constructor(
    private readonly seal: Seal,
    private readonly now: () => number,
  ) {}

  /** More than one while a key is being replaced. */
  placesOf(shelf: Shelf, id: string): Place[] {
    return this.seal.places('identity', JSON.stringify(['record', shelf, id]));
  }

  /** Where it is noted what lies on a shelf, or what there belongs to one owner. */
  indexesOf(shelf: Shelf, owner?: string): Place[] {
    return this.seal.places('identity', JSON.stringify(owner === undefined ? ['all', shelf] : ['owner', shelf, owner]));
  }

  close(place: Place, shelf: Shelf, id: string, kept: Kept): Buffer {
    const name = this.namesOn(shelf)[0]!.close(id);
    const size = Buffer.alloc(SIZE_BYTES);
    size.writeUInt16BE(name.length);
    return Buffer.concat([size, name, place.close(JSON.stringify(kept))]);
  }

  /** @returns `forged` for what no gateway put there, nothing for what is not there or over */
  open(place: Place, bytes: Buffer): Kept | 'forged' | undefined {
    if (bytes.length === 0) return undefined;
    const text = bytes.length < SIZE_BYTES ? undefined : place.open(bytes.subarray(SIZE_BYTES + bytes.readUInt16BE()));
    if (text === undefined) return 'forged';
    const kept = JSON.parse(text) as Kept;
    return kept.until === undefined || kept.until > this.now() ? kept : undefined;
  }

  /** One of a list, whose name nobody has asked for. */
  openListed(shelf: Shelf, bytes: Buffer): (Kept & { id: string }) | undefined {
    const id = this.idIn(shelf, bytes);
    if (id === undefined) return undefined;
    for (const place of this.placesOf(shelf, id)) {
      const kept = this.open(place, bytes);
      if (kept !== undefined && kept !== 'forged') return { id, ...kept };
    }
  }

  private idIn(shelf: Shelf, bytes: Buffer): string | undefined {
    if (bytes.length < SIZE_BYTES) return undefined;
    const name = bytes.subarray(SIZE_BYTES, SIZE_BYTES + bytes.readUInt16BE());
    for (const place of this.namesOn(shelf)) {
      const id = place.open(name);
      if (id !== undefined) return id;
    }
  }

  private namesOn(shelf: Shelf): Place[] {
    return this.seal.places('identity', JSON.stringify(['names', shelf]));
  }
}

export const keyOf = ({ address }: Place): string => PREFIX + address;
