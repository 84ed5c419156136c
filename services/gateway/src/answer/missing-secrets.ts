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
  private readonly checks = new LRUCache<string, Promise<CheckReply>>({ max: 20_000 });

  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly news: SecretsNews,
  ) {}

  /** @throws Fault `secret.not_found` that names them and says what to do; `secret.unavailable` where nobody can tell */
  async refuse(grant: Grant): Promise<void> {
    const names = Object.keys(grant.secrets);
    if (names.length === 0) return;
    const { missing, places } = await this.check(`${grant.digest} ${grant.revision}`, names);
    if (missing.length > 0) throw missingSecret(grant.name, missing, places);
  }

  private check(code: string, names: string[]): Promise<CheckReply> {
    const { revision, outage } = this.news;
    if (outage !== undefined) return this.ask(names);
    const key = `${code} ${revision}`;
    const known = this.checks.get(key);
    if (known !== undefined) return known;
    const check = this.ask(names);
    this.checks.set(key, check);
    // A question without an answer is asked again, and one that a replica answered which has not heard of the change yet.
    check.then(
      (reply) => reply.revision !== revision && this.checks.delete(key),
      () => this.checks.delete(key),
    );
    return check;
  }

  private ask(names: string[]): Promise<CheckReply> {
    return askAgain(TIMEOUT_MS, (timeoutMs) =>
      this.bus.request<CheckReply>(secretsSubjects.check, { names }, { timeoutMs }),
    );
  }
}

function missingSecret(integration: string, names: string[], places?: string[]): Fault {
  const commands = names.map((name) => `"npm run secrets -- set ${name}"`).join(' and ');
  const variables = names.map((name) => `INTEGRATION_${name}`).join(' and ');
  const howToAdd = places ? `put it into ${places.join(' and ')}` : `add it with ${commands}, or set ${variables}`;
  return new Fault(
    'secret.not_found',
    `Integration "${integration}" needs the secret ${names.join(' and ')}; ${howToAdd}.`,
    { detail: { names } },
  );
}
