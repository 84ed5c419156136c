import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@fingerpost/platform';
import { reasonOf } from '@fingerpost/platform/database';
import { type CatalogueStore, TermOver } from '../store/catalogue-store.ts';
import type { Draft } from './draft.ts';

const AT_ONCE_MS = 20;
const AGAIN_MS = 500;

export interface BringIntoForceParts {
  draft: Draft;
  store: CatalogueStore;
  term: number;
  log: Log;
  onSaved: () => Promise<void>;
  /** another replica leads */
  onOver: () => void;
}

/** Brings what lies in the draft into force, one change after another. Waits for a database that is away; ends with the term. */
export class BringIntoForce {
  private soon: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private lastAt = 0;
  private isOver = false;

  constructor(private readonly parts: BringIntoForceParts) {}

  /** Changes that come together come into force together; the larger the catalogue and the longer they go on, the more of them. */
  soonAgain(): void {
    if (this.isOver) return;
    const { size } = this.parts.draft.integrations;
    const untilNextMs = this.lastAt + size / 5 - performance.now();
    this.soon ??= setTimeout(() => void this.now(), Math.max(AT_ONCE_MS + size / 20, untilNextMs));
  }

  /** Resolves when it is in force, or the term is over. */
  now(): Promise<void> {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.lastAt = performance.now();
    this.saving = this.saving.then(() => this.save());
    return this.saving;
  }

  async close(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.soon);
    await this.saving;
  }

  private async save(): Promise<void> {
    if (this.isOver) return;
    const { change, newFaults } = this.parts.draft.take();
    for (const { file, line, column, message } of newFaults)
      this.parts.log.error(
        { file, line, column },
        `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`,
      );
    for (let tries = 0; !this.isOver; tries++) {
      try {
        await this.parts.store.save(change, this.parts.term);
        this.parts.draft.saved(change);
        return await this.parts.onSaved();
      } catch (error) {
        if ((error as Error).name === TermOver.name) this.end();
        else if (tries === 0) this.parts.log.warn(`a change waits for the database: ${reasonOf(error)}`);
      }
      await sleep(AGAIN_MS);
    }
  }

  private end(): void {
    this.isOver = true;
    this.parts.onOver();
  }
}
