import { type EpochNotice, registrySubjects } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';
import type { Catalogue } from './catalogue.ts';

const HEARTBEAT_MS = 2_000;

/**
 * Says which epoch this replica serves: at every change, and every 2 s to those who came later or heard nothing. Silent until the catalogue
 * is open: those who know an earlier state go on with it.
 */
export class EpochAnnouncer {
  private readonly heartbeat: NodeJS.Timeout;
  private isOpen = false;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly bus: Bus,
  ) {
    this.heartbeat = setInterval(() => this.say(), HEARTBEAT_MS).unref();
    void catalogue.opened.then(() => {
      this.isOpen = true;
      this.say();
    });
  }

  say(): void {
    if (this.isOpen) this.bus.publish(registrySubjects.epoch, { epoch: this.catalogue.epoch } satisfies EpochNotice);
  }

  close(): void {
    clearInterval(this.heartbeat);
    this.isOpen = false;
  }
}
