import { type CheckReply, Fault, type Grant, secretsSubjects } from '@fingerpost/contracts';
import { askAgain, type Bus } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';
import type { SecretsNews } from '../news/news.ts';

const TIMEOUT_MS = 4_000;

/**
 * Finds out before a run whether its secrets are there: asked once for each digest, and again when any secret has changed. While a store
 * is away each run asks: that its secrets were there says nothing of now.
 */
export class MissingSecrets {
  private readonly checks = new LRUCache<string, Promise<string[]>>({ max: 20_000 });

  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly news: SecretsNews,
  ) {}

  /** @throws Fault `secret.not_found` that names them and says what to do; `secret.unavailable` where nobody can tell */
  async refuse(grant: Grant): Promise<void> {
    const names = Object.keys(grant.secrets);
    if (names.length === 0) return;
    const missing = await this.check(`${grant.digest} ${grant.revision} ${this.news.revision}`, names);
    if (missing.length > 0) throw missingSecret(grant.name, missing);
  }

  private check(key: string, names: string[]): Promise<string[]> {
    if (this.news.outage !== undefined) return this.ask(names);
    const known = this.checks.get(key);
    if (known !== undefined) return known;
    const check = this.ask(names);
    this.checks.set(key, check);
    check.catch(() => this.checks.delete(key)); // a question without an answer is asked again
    return check;
  }

  private async ask(names: string[]): Promise<string[]> {
    const { missing } = await askAgain(TIMEOUT_MS, (timeoutMs) =>
      this.bus.request<CheckReply>(secretsSubjects.check, { names }, { timeoutMs }),
    );
    return missing;
  }
}

function missingSecret(integration: string, names: string[]): Fault {
  const commands = names.map((name) => `"npm run secrets -- set ${name}"`).join(' and ');
  const variables = names.map((name) => `INTEGRATION_${name}`).join(' and ');
  return new Fault(
    'secret.not_found',
    `Integration "${integration}" needs the secret ${names.join(' and ')}; add it with ${commands}, or set ${variables}.`,
    { detail: { names } },
  );
}
