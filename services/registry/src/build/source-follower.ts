import { setTimeout as sleep } from 'node:timers/promises';
import { isFault, type SourceFault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import type { BringIntoForce } from '../lead/bring-into-force.ts';
import type { Draft } from '../lead/draft.ts';
import type { Source, SourceBatch, SourceChange } from '../source/source.ts';
import {
  type AdmitSettings,
  type Admitted,
  admitAgain,
  admitVersion,
  type SourceFile,
  toSourceFault,
} from './admit-version.ts';
import type { Builder } from './builder.ts';
import { PACKAGES } from './bundle/curated-packages.ts';
import { type DataFile, readDataFile } from './data-file.ts';
import type { Inspector } from './inspector.ts';
import { PACKAGE_FILES } from './package-files.ts';
import { slots } from './slots.ts';

const AT_A_TIME = 8;
const MOST_DATA_CHARS = 5_000_000;
const MOST_DATA_VALUES = 300_000;
/** After that the catalogue opens with what it has: one file that takes long must not keep the others from serving. */
const FIRST_LOAD_MS = 10_000;

interface Followed {
  path: string;
  /** ends the work on an older state of this file */
  abort: AbortController;
  includes: string[];
  isBroken: boolean;
}

export interface SourceFollowerParts {
  source: Source;
  draft: Draft;
  bring: BringIntoForce;
  builder: Builder;
  inspector: Inspector;
  settings: AdmitSettings;
  log: Log;
  /** the whole source was looked at, as far as that went in time */
  onLoaded: () => void;
}

/** Keeps the draft up with its source: builds what changed, and whatever includes what changed. */
export class SourceFollower {
  private readonly integrations = new Map<string, Followed>();
  // A read that ends after a newer state of its file came in is of no use.
  private readonly newest = new Map<string, number>();
  private readonly inSlot = slots(AT_A_TIME);
  private turn: number;
  private isFirst = true;

  constructor(private readonly parts: SourceFollowerParts) {
    this.turn = parts.draft.firstTurn;
  }

  start(): void {
    this.parts.source.start((batch) => void this.follow(batch));
  }

  async close(): Promise<void> {
    await this.parts.source.close();
    for (const { abort } of this.integrations.values()) abort.abort();
    this.parts.builder.close();
  }

  private async follow({ root, changes, isMissing }: SourceBatch): Promise<void> {
    if (isMissing) return await this.goOnWithout();
    const turn = this.turn++;
    const isFirst = this.isFirst;
    this.isFirst = false;
    if (isFirst) this.forgetAllBut(changes);
    const work = changes.map((change) => this.take(root, change, turn));
    const own = new Set(changes.map(({ file }) => file));
    for (const [file, { path }] of this.affected(changes))
      if (!own.has(file)) work.push(this.build(root, file, path, turn));
    const done = Promise.all(work);
    if (!isFirst) return void (await done);
    await Promise.race([done, sleep(FIRST_LOAD_MS, undefined, { ref: false })]);
    await this.parts.bring.now();
    this.parts.onLoaded();
    this.sayWhatServes(changes);
  }

  // A folder that was not mounted must not take everything back: what was in force stays.
  private async goOnWithout(): Promise<void> {
    await this.parts.bring.now();
    this.parts.onLoaded();
  }

  /** What left the source while nobody looked. */
  private forgetAllBut(changes: SourceChange[]): void {
    const there = new Set(changes.map(({ file }) => file));
    for (const shelf of [this.parts.draft.integrations, this.parts.draft.data])
      for (const { file } of shelf.all) if (!there.has(file)) shelf.remove(file);
  }

  private async take(root: string, change: SourceChange, turn: number): Promise<void> {
    const { kind, file } = change;
    if (kind === 'module') return;
    this.newest.set(file, turn);
    const shelf = kind === 'data' ? this.parts.draft.data : this.parts.draft.integrations;
    if (change.state === 'there')
      return kind === 'data' ? this.read(root, file, change.path, turn) : this.build(root, file, change.path, turn);

    this.integrations.get(file)?.abort.abort();
    this.integrations.delete(file);
    this.newest.delete(file);
    const isNews = change.state === 'gone' ? shelf.remove(file) : shelf.refuse(file, change.fault, turn);
    if (isNews) this.parts.bring.soonAgain();
  }

  private async build(root: string, file: string, path: string, turn: number): Promise<void> {
    const before = this.integrations.get(file);
    before?.abort.abort();
    const followed: Followed = {
      path,
      abort: new AbortController(),
      includes: before?.includes ?? this.parts.draft.integrations.get(file)?.admitted?.includes ?? [],
      isBroken: false,
    };
    this.integrations.set(file, followed);
    const { signal } = followed.abort;

    let isNews: boolean;
    try {
      const { version, bundled } = await this.inSlot(() => this.admit({ root, file, path }, signal));
      if (signal.aborted) return;
      followed.includes = version.includes;
      isNews = this.parts.draft.admit(version, bundled, turn);
    } catch (error) {
      if (signal.aborted) return;
      followed.isBroken = true;
      isNews = this.parts.draft.integrations.refuse(file, this.faultOf(file, error), turn);
    }
    if (isNews) this.parts.bring.soonAgain();
  }

  private async admit(source: SourceFile, signal: AbortSignal): Promise<Admitted> {
    signal.throwIfAborted();
    const known = this.parts.draft.integrations.get(source.file)?.admitted;
    const again = known && (await admitAgain(source, known, this.parts.settings));
    return again ?? (await admitVersion(source, this.parts, this.parts.settings, signal));
  }

  private async read(root: string, file: string, path: string, turn: number): Promise<void> {
    const shelf = this.parts.draft.data;
    const outcome = await readDataFile({ root, file, path }, this.parts.builder).then(
      (dataFile) => () => {
        const fault = this.tooMuchWith(dataFile);
        return fault === undefined ? shelf.put(file, dataFile, turn) : shelf.refuse(file, fault, turn);
      },
      (error) => () => shelf.refuse(file, this.faultOf(file, error), turn),
    );
    if (this.newest.get(file) === turn && outcome()) this.parts.bring.soonAgain();
  }

  /** Every run is given all data files: one too many would stop every integration. */
  private tooMuchWith({ file, text, values }: DataFile): SourceFault | undefined {
    const others = this.parts.draft.data.admitted.filter((other) => other.file !== file);
    const chars = others.reduce((sum, { value }) => sum + value.text.length, text.length);
    const inAll = others.reduce((sum, { value }) => sum + value.values, values);
    if (chars <= MOST_DATA_CHARS && inAll <= MOST_DATA_VALUES) return undefined;
    const message = `with it all data files together hold ${inAll} values in ${chars} characters, ${MOST_DATA_VALUES} and ${MOST_DATA_CHARS} at most; shorten some, then save this one again`;
    return { file, message };
  }

  // A broken file may have waited for just this change: which file it misses is not known.
  private affected(changes: SourceChange[]): [string, Followed][] {
    const changed = new Set(changes.map(({ file }) => (PACKAGE_FILES.includes(file) ? PACKAGES : file)));
    const hasModules = changes.some(({ kind }) => kind === 'module');
    return [...this.integrations].filter(
      ([, { includes, isBroken }]) => (isBroken && hasModules) || includes.some((included) => changed.has(included)),
    );
  }

  private faultOf(file: string, error: unknown) {
    if (!isFault(error)) this.parts.log.error({ err: error, file }, `could not take ${file} in`);
    return toSourceFault(file, error);
  }

  private sayWhatServes(changes: SourceChange[]): void {
    const spots = this.parts.draft.integrations.all;
    const serving = this.parts.draft.integrations.served.length;
    const broken = spots.filter(({ fault }) => fault !== undefined).length;
    const left = changes.filter(({ kind }) => kind === 'integration').length - spots.length;
    this.parts.log.info(
      `${serving} integrations serve, ${broken} are broken${left > 0 ? `, ${left} are still being looked at` : ''}`,
    );
  }
}
