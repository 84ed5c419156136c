import { randomUUID } from 'node:crypto';
import type { CatalogueEntry, CatalogueReply, EpochNotice, SourceFault } from '@fingerpost/contracts';
import type { DataFile } from '../build/data-file.ts';
import { MatchIndex } from '../match/match-index.ts';
import { adviseOn } from '../review/judge-bindings.ts';
import { Revisions } from '../review/revisions.ts';
import { BundleStore } from './bundle-store.ts';
import { customDomains } from './custom-domains.ts';
import { digestOf } from './digest.ts';
import { Shelf, type Spot } from './shelf.ts';
import type { Version } from './version.ts';

/** What there is. Changes are put on its shelves and come into force together, by `commit`. */
export class Catalogue {
  readonly integrations = new Shelf<Version>(
    (mine, holder) => `the name "${mine.name}" is taken by ${holder.file}; choose another name`,
  );
  readonly data = new Shelf<DataFile>(
    (mine, holder) => `the data id "${mine.name}" is taken by ${holder.file}; rename ${mine.file}`,
  );
  readonly revisions = new Revisions();
  readonly bundles = new BundleStore();
  /** source maps, packed, by the digest of their code */
  readonly sourceMaps = new BundleStore();
  private sayLoaded: () => void = () => {};
  /** Until then it holds only a part of what its source has: it is not to be asked yet. */
  readonly loaded = new Promise<void>((resolve) => (this.sayLoaded = resolve));
  private readonly instance = randomUUID();
  // Grows over restarts too.
  private epochNumber = Date.now();
  /** of all data files together, as every run is given them */
  dataDigest: string | undefined;
  private index: MatchIndex<Version> | undefined;

  get epoch(): EpochNotice {
    return { epoch: this.epochNumber, instance: this.instance };
  }

  /** Brings what lies on the shelves into force, as a new epoch. @returns faults that are new */
  commit(): SourceFault[] {
    const newFaults = [...this.integrations.settle(), ...this.data.settle()];
    const served = this.integrations.served;
    this.revisions.update(served.map(({ terms }) => terms));

    const bundles = new Map(served.map(({ digest, code }) => [digest, code]));
    const data = dataBundle(this.data.served);
    this.dataDigest = data && digestOf(data);
    if (data !== undefined) bundles.set(this.dataDigest!, data);
    this.bundles.replace(bundles);
    this.sourceMaps.replace(new Map(served.map(({ digest, sourceMap }) => [digest, sourceMap])));

    this.index = undefined;
    this.epochNumber++;
    return newFaults;
  }

  nowLoaded(): void {
    this.sayLoaded();
  }

  /** The index is made when it is first asked for: many changes in a row cost one. */
  get matching(): MatchIndex<Version> {
    this.index ??= new MatchIndex(this.integrations.served);
    return this.index;
  }

  describe(): CatalogueReply {
    const entries = [
      ...this.integrations.all.map(describeIntegration),
      ...this.data.all.filter(isBroken).map(describeDataFile),
    ];
    return { epoch: this.epochNumber, entries, customDomains: customDomains(this.integrations.served) };
  }
}

/** `[{ id, data }]`, as integrations get it. Sorted: the same files give the same digest. */
function dataBundle(files: DataFile[]): Uint8Array | undefined {
  if (files.length === 0) return undefined;
  const sorted = files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return Buffer.from(`[${sorted.map(({ name, text }) => `{"id":${JSON.stringify(name)},"data":${text}}`).join(',')}]`);
}

function describeIntegration({ file, served, fault }: Spot<Version>): CatalogueEntry {
  return {
    file,
    name: served?.name,
    description: served?.description,
    contextType: served?.match.contextType,
    digest: served?.digest,
    secrets: served?.requiredSecrets ?? [],
    hosts: served?.hosts ?? [],
    areHostsDerived: served?.areHostsDerived ?? false,
    state: fault === undefined ? 'serving' : 'broken',
    fault,
    advice: served && adviseOn(served.terms),
  };
}

// Data files show only while they are broken: the catalogue is of integrations.
const describeDataFile = ({ file, fault }: Spot<DataFile>): CatalogueEntry => ({
  file,
  secrets: [],
  hosts: [],
  areHostsDerived: false,
  state: 'broken',
  fault,
});

const isBroken = ({ fault }: Spot<unknown>) => fault !== undefined;
