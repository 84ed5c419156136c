import { registrySubjects } from '@fingerpost/contracts';
import type { Bus, Log } from '@fingerpost/platform';
import type { GrantSigner } from '../review/sign-grant.ts';
import type { Catalogue } from './catalogue.ts';

const HEARTBEAT_MS = 2_000;
const AT_ONCE_MS = 20;

/**
 * Brings changes into force and says so; says it again every 2 s to those who came later or heard nothing. Silent until the first load is
 * done: those who know an earlier state go on with it.
 */
export class EpochAnnouncer {
  private readonly heartbeat: NodeJS.Timeout;
  private soon: NodeJS.Timeout | undefined;
  private lastAt = 0;
  private isLoaded = false;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly signer: GrantSigner,
    private readonly bus: Bus,
    private readonly log: Log,
  ) {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
  }

  /** The first load is done. */
  loaded(): void {
    this.isLoaded = true;
    this.changed();
    this.catalogue.nowLoaded();
  }

  /** Changes that come together come into force together; the larger the catalogue and the longer they go on, the more of them. */
  changedSoon(): void {
    const { size } = this.catalogue.integrations;
    const untilNextMs = this.lastAt + size / 5 - performance.now();
    this.soon ??= setTimeout(() => this.changed(), Math.max(AT_ONCE_MS + size / 20, untilNextMs));
  }

  changed(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.lastAt = performance.now();
    for (const { file, line, column, message } of this.catalogue.commit())
      this.log.error(
        { file, line, column },
        `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`,
      );
    this.signer.keepOnly(new Set(this.catalogue.integrations.served.map(({ digest }) => digest)));
    this.publish();
  }

  close(): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.soon);
  }

  private beat(): void {
    this.catalogue.bundles.forgetOld();
    if (this.signer.forgetUnderOldCertificate()) this.changed();
    else this.publish();
  }

  private publish(): void {
    if (this.isLoaded) this.bus.publish(registrySubjects.epoch, this.catalogue.epoch);
  }
}
