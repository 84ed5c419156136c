import type { CatalogueEntry, CatalogueReply } from '@fingerpost/contracts';
import { MatchIndex } from '../match/match-index.ts';
import { adviseOn } from '../review/judge-bindings.ts';
import type { FileState, Loaded } from '../store/catalogue-store.ts';
import { customDomains } from './custom-domains.ts';
import type { Version } from './version.ts';

/** What there is, as this replica last heard from the store: answers come from here, whatever has become of the store. */
export class Catalogue {
  private readonly files = new Map<string, FileState>();
  private readonly revisions = new Map<string, number>();
  private at: Pick<Loaded, 'epoch' | 'term' | 'dataDigest'> | undefined;
  private index: MatchIndex<Version> | undefined;
  private sayOpen: () => void = () => {};
  /** Until then it holds only a part of what its source has: it is not to be asked yet. */
  readonly opened = new Promise<void>((resolve) => (this.sayOpen = resolve));

  /** A state or what changed since the last one. */
  apply({ epoch, term, dataDigest, isWhole, files, grants }: Loaded): void {
    if (isWhole) {
      this.files.clear();
      this.revisions.clear();
    }
    for (const state of files) {
      if (state.isGone) this.files.delete(state.file);
      else this.files.set(state.file, state);
    }
    for (const { digest, revision, isInForce } of grants) {
      if (isInForce) this.revisions.set(digest, revision);
      else this.revisions.delete(digest);
    }
    this.at = { epoch, term, dataDigest };
    this.index = undefined;
  }

  open(): void {
    this.sayOpen();
  }

  /** what was applied last; nothing before the first time */
  get seen(): { epoch: number; term: number } | undefined {
    return this.at;
  }

  get epoch(): number {
    return this.at?.epoch ?? 0;
  }

  /** of all data files together, as every run is given them */
  get dataDigest(): string | undefined {
    return this.at?.dataDigest;
  }

  get served(): Version[] {
    return [...this.files.values()].flatMap(({ served }) => served ?? []);
  }

  /** digest to revision */
  get inForce(): Record<string, number> {
    return Object.fromEntries(this.revisions);
  }

  /** of a digest in service */
  revisionOf(digest: string): number {
    return this.revisions.get(digest)!;
  }

  /** The index is made when it is first asked for: many changes in a row cost one. */
  get matching(): MatchIndex<Version> {
    this.index ??= new MatchIndex(this.served);
    return this.index;
  }

  get counts(): Record<CatalogueEntry['state'], number> {
    const integrations = [...this.files.values()].filter(({ kind }) => kind === 'integration');
    const broken = integrations.filter(({ fault }) => fault !== undefined).length;
    return { serving: integrations.length - broken, broken };
  }

  describe(): CatalogueReply {
    const states = [...this.files.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
    const entries = [
      ...states.filter(({ kind }) => kind === 'integration').map(describeIntegration),
      ...states.filter(({ kind, fault }) => kind === 'data' && fault !== undefined).map(describeDataFile),
    ];
    return { epoch: this.epoch, entries, customDomains: customDomains(this.served) };
  }
}

function describeIntegration({ file, served, fault }: FileState): CatalogueEntry {
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
const describeDataFile = ({ file, fault }: FileState): CatalogueEntry => ({
  file,
  secrets: [],
  hosts: [],
  areHostsDerived: false,
  state: 'broken',
  fault,
});
