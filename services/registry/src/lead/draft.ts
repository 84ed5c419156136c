import type { AuditEvent, SourceFault } from '@fingerpost/contracts';
import { eventsOf } from '../audit/catalogue-events.ts';
import type { DataFile } from '../build/data-file.ts';
import { digestOf } from '../catalogue/digest.ts';
import type { Bundled, Version } from '../catalogue/version.ts';
import { type Numbered, Revisions } from '../review/revisions.ts';
import { type OwnSpot, Shelf } from './shelf.ts';

/** What was in the store when a term began. */
export interface Saved {
  integrations: OwnSpot<Version>[];
  data: OwnSpot<DataFile>[];
  grants: Map<string, Numbered>;
  dataDigest: string | undefined;
}

/** What comes into force together. */
export interface Change {
  integrations: ReadonlyMap<string, OwnSpot<Version> | undefined>;
  data: ReadonlyMap<string, OwnSpot<DataFile> | undefined>;
  grants: ReadonlyMap<string, Numbered>;
  bundles: Bundled[];
  /** digests that nothing refers to any more, and those that something does again */
  left: string[];
  back: string[];
  dataDigest: string | undefined;
  /** the same in words */
  events: AuditEvent[];
}

/** What the leader will bring into force: shelves that builds put their work on, settled and taken from here as one change. */
export class Draft {
  readonly integrations: Shelf<Version>;
  readonly data: Shelf<DataFile>;
  /** later than every turn there was */
  readonly firstTurn: number;
  private readonly revisions: Revisions;
  /** bytes of versions that are not saved yet */
  private readonly built = new Map<string, Bundled>();
  private inUse: ReadonlySet<string>;
  private served: ReadonlyMap<string, Version>;
  private dataDigest: string | undefined;

  constructor({ integrations, data, grants, dataDigest }: Saved) {
    this.integrations = new Shelf(
      (mine, holder) => `the name "${mine.name}" is taken by ${holder.file}; choose another name`,
      integrations,
    );
    this.data = new Shelf(
      (mine, holder) => `the data id "${mine.name}" is taken by ${holder.file}; rename ${mine.file}`,
      data,
    );
    this.firstTurn = [...integrations, ...data].reduce((turn, { claimedIn }) => Math.max(turn, claimedIn + 1), 0);
    this.revisions = new Revisions(grants);
    this.dataDigest = dataDigest;
    this.inUse = this.digests();
    this.served = this.servedByFile();
  }

  /** @returns whether that changes anything */
  admit(version: Version, bundled: Bundled | undefined, turn: number): boolean {
    if (bundled !== undefined) this.built.set(bundled.digest, bundled);
    return this.integrations.put(version.file, version, turn);
  }

  /** Settles what lies on the shelves. Whoever takes the change saves it, however often they have to try. */
  take(): { change: Change; newFaults: SourceFault[] } {
    const before = this.served;
    const usedBefore = this.inUse;
    const newFaults = [...this.integrations.settle(), ...this.data.settle()];
    const [integrations, data] = [this.integrations.takeChanges(), this.data.takeChanges()];
    if (data.size > 0) this.bundleData();
    this.inUse = this.digests();
    this.served = this.servedByFile();
    const grants = this.revisions.update(this.integrations.served.map(({ terms }) => terms));
    return {
      change: {
        integrations,
        data,
        grants,
        bundles: [...this.built.values()],
        left: [...usedBefore].filter((digest) => !this.inUse.has(digest)),
        back: [...this.inUse].filter((digest) => !usedBefore.has(digest)),
        dataDigest: this.dataDigest,
        events: eventsOf({ integrations, grants, newFaults, before }),
      },
      newFaults,
    };
  }

  saved({ bundles }: Change): void {
    for (const bundled of bundles) if (this.built.get(bundled.digest) === bundled) this.built.delete(bundled.digest);
  }

  private servedByFile(): ReadonlyMap<string, Version> {
    return new Map(this.integrations.served.map((version) => [version.file, version]));
  }

  private digests(): ReadonlySet<string> {
    const spots = this.integrations.all.flatMap(({ admitted, served }) => [admitted?.digest, served?.digest]);
    return new Set([...spots, this.dataDigest].filter((digest) => digest !== undefined));
  }

  private bundleData(): void {
    const bytes = dataBundle(this.data.served);
    this.dataDigest = bytes && digestOf(bytes);
    if (bytes !== undefined) this.built.set(this.dataDigest!, { digest: this.dataDigest!, bytes });
  }
}

/** `[{ id, data }]`, as integrations get it. Sorted: the same files give the same digest. */
function dataBundle(files: DataFile[]): Uint8Array | undefined {
  if (files.length === 0) return undefined;
  const sorted = files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return Buffer.from(`[${sorted.map(({ name, text }) => `{"id":${JSON.stringify(name)},"data":${text}}`).join(',')}]`);
}
