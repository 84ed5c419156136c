import type { SecretsNotice } from '@fingerpost/contracts';

/** At which epoch the registry's catalogue is, by its own signature: notices on the bus only make us ask. */
export class CatalogueNews {
  epoch: number | undefined;
  private heardAt: number | undefined;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  hear(epoch: number): void {
    this.heardAt = this.now();
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  silentForMs(): number {
    return this.heardAt === undefined ? Number.POSITIVE_INFINITY : this.now() - this.heardAt;
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
