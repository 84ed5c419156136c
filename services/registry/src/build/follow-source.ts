import { isFault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import type { EpochAnnouncer } from '../catalogue/announce-epoch.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Source, SourceBatch, SourceChange } from '../source/source.ts';
import { type AdmitSettings, admitVersion, toSourceFault } from './admit-version.ts';
import type { Inspector } from './inspect.ts';
import { readDataFile } from './parse-data-file.ts';
import { slots } from './slots.ts';

const AT_A_TIME = 8;

interface Followed {
  path: string;
  /** ends the work on an older state of this file */
  abort: AbortController;
  includes: string[];
  isBroken: boolean;
}

/** Keeps the catalogue up with its source: builds what changed, and whatever includes what changed. */
export class SourceFollower {
  private readonly integrations = new Map<string, Followed>();
  // A read that ends after a newer state of its file came in is of no use.
  private readonly newest = new Map<string, number>();
  private readonly inSlot = slots(AT_A_TIME);
  private turn = 0;

  constructor(
    private readonly source: Source,
    private readonly catalogue: Catalogue,
    private readonly announcer: EpochAnnouncer,
    private readonly inspector: Inspector,
    private readonly settings: AdmitSettings,
    private readonly log: Log,
  ) {}

  start(): void {
    this.source.start((batch) => void this.follow(batch));
  }

  async close(): Promise<void> {
    await this.source.close();
    for (const { abort } of this.integrations.values()) abort.abort();
  }

  private async follow({ root, changes }: SourceBatch): Promise<void> {
    const turn = this.turn++;
    const work = changes.map((change) => this.take(root, change, turn));
    const own = new Set(changes.map(({ file }) => file));
    for (const [file, { path }] of this.affected(changes))
      if (!own.has(file)) work.push(this.build(root, file, path, turn));
    await Promise.all(work);
    if (turn === 0) this.sayWhatServes();
  }

  private async take(root: string, change: SourceChange, turn: number): Promise<void> {
    const { kind, file } = change;
    if (kind === 'module') return;
    this.newest.set(file, turn);
    const shelf = kind === 'data' ? this.catalogue.data : this.catalogue.integrations;
    if (change.state === 'there')
      return kind === 'data' ? this.read(file, change.path, turn) : this.build(root, file, change.path, turn);

    this.integrations.get(file)?.abort.abort();
    this.integrations.delete(file);
    const isNews = change.state === 'gone' ? shelf.remove(file) : shelf.refuse(file, change.fault, turn);
    if (isNews) this.announcer.changedSoon();
  }

  private async build(root: string, file: string, path: string, turn: number): Promise<void> {
    const before = this.integrations.get(file);
    before?.abort.abort();
    const followed: Followed = {
      path,
      abort: new AbortController(),
      includes: before?.includes ?? [],
      isBroken: false,
    };
    this.integrations.set(file, followed);
    const { signal } = followed.abort;

    let isNews: boolean;
    try {
      const admitted = await this.inSlot(() =>
        admitVersion({ root, file, path }, this.inspector, this.settings, signal),
      );
      if (signal.aborted) return;
      followed.includes = admitted.includes;
      isNews = this.catalogue.integrations.put(file, admitted.version, turn);
    } catch (error) {
      if (signal.aborted) return;
      followed.isBroken = true;
      isNews = this.catalogue.integrations.refuse(file, this.faultOf(file, error), turn);
    }
    if (isNews) this.announcer.changedSoon();
  }

  private async read(file: string, path: string, turn: number): Promise<void> {
    const shelf = this.catalogue.data;
    const outcome = await readDataFile(file, path).then(
      (dataFile) => () => shelf.put(file, dataFile, turn),
      (error) => () => shelf.refuse(file, this.faultOf(file, error), turn),
    );
    if (this.newest.get(file) === turn && outcome()) this.announcer.changedSoon();
  }

  // A broken file may have waited for just this change: which file it misses is not known.
  private affected(changes: SourceChange[]): [string, Followed][] {
    const changed = new Set(changes.map(({ file }) => file));
    const hasModules = changes.some(({ kind }) => kind === 'module');
    return [...this.integrations].filter(
      ([, { includes, isBroken }]) => (isBroken && hasModules) || includes.some((included) => changed.has(included)),
    );
  }

  private faultOf(file: string, error: unknown) {
    if (!isFault(error)) this.log.error({ err: error, file }, `could not take ${file} in`);
    return toSourceFault(file, error);
  }

  private sayWhatServes(): void {
    this.announcer.changed();
    const spots = this.catalogue.integrations.all;
    const broken = spots.filter(({ fault }) => fault !== undefined).length;
    this.log.info(`${this.catalogue.integrations.served.length} integrations serve, ${broken} are broken`);
  }
}
