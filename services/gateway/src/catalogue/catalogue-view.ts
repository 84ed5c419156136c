import { type CatalogueReply, registrySubjects } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';
import type { CatalogueNews } from '../news/news.ts';

const TIMEOUT_MS = 5_000;

/** The catalogue as the registry shows it, asked for again when its epoch has changed. */
export class CatalogueView {
  private current: Promise<CatalogueReply> | undefined;
  private lastDomains: string[] = [];

  constructor(
    private readonly bus: Pick<Bus, 'call'>,
    private readonly news: CatalogueNews,
  ) {
    news.onChange(() => this.forget());
  }

  read(): Promise<CatalogueReply> {
    this.current ??= this.ask();
    return this.current;
  }

  /** Origins that `generic` integrations name. While the registry cannot be asked, the last ones known. */
  async customDomains(): Promise<string[]> {
    return await this.read().then(
      ({ customDomains }) => customDomains,
      () => this.lastDomains,
    );
  }

  private ask(): Promise<CatalogueReply> {
    const asked = this.fetch();
    asked.then(
      ({ customDomains }) => {
        this.lastDomains = customDomains;
      },
      () => this.forget(asked), // whoever comes next asks again
    );
    return asked;
  }

  // A large catalogue comes in parts.
  private async fetch(): Promise<CatalogueReply> {
    const whole: CatalogueReply = { epoch: 0, entries: [], customDomains: [] };
    const parts = this.bus.call<CatalogueReply>(
      registrySubjects.catalogue,
      { epoch: this.news.epoch },
      { timeoutMs: TIMEOUT_MS },
    );
    for await (const { epoch, entries, customDomains } of parts) {
      whole.epoch = epoch;
      whole.entries.push(...entries);
      whole.customDomains.push(...customDomains);
    }
    return whole;
  }

  private forget(asked = this.current): void {
    if (this.current === asked) this.current = undefined;
  }
}
