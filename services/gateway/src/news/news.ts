import type { EpochNotice, SecretsNotice } from '@fingerpost/contracts';

/** What the registry last said of its catalogue. */
export class CatalogueNews {
  epoch: number | undefined;
  private instance: string | undefined;
  private heardAt: number | undefined;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Another epoch, or another start of the registry, is another catalogue. */
  hear(notice: EpochNotice): void {
    this.heardAt = this.now();
    const isSame = notice.epoch === this.epoch && (this.instance === undefined || notice.instance === this.instance);
    this.instance = notice.instance;
    if (!isSame) this.change(notice.epoch);
  }

  /** An answer of the registry can bring the news before the notice does. */
  learn(epoch: number): void {
    if (this.epoch === undefined || epoch > this.epoch) this.change(epoch);
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  silentForMs(): number {
    return this.heardAt === undefined ? Number.POSITIVE_INFINITY : this.now() - this.heardAt;
  }

  private change(epoch: number): void {
    this.epoch = epoch;
    for (const listener of this.listeners) listener();
  }
}

/** Which secrets there are, as one word that changes with any of them. */
export class SecretsNews {
  revision = '';
  /** why some of them cannot be had at the moment */
  outage: string | undefined;
  private heardAt: number | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  hear({ revision, outage }: SecretsNotice): void {
    this.heardAt = this.now();
    this.revision = revision;
    this.outage = outage;
  }

  silentForMs(): number {
    return this.heardAt === undefined ? Number.POSITIVE_INFINITY : this.now() - this.heardAt;
  }
}
