import { createHash } from 'node:crypto';
import { Fault, isFault, type Mint } from '@fingerpost/contracts';
import { Secret } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';
import { hostAndPort } from '../bounds/host.ts';
import { githubApp } from './github-app.ts';
import { googleServiceAccount } from './google-service-account.ts';
import { type AskIssuer, type Issuer, parseOrNothing } from './issuer.ts';

/** A token is not lent when it has less than this to live: a run may still need it. */
const LEFT_MS = 120_000;
/** A younger token that is refused was not revoked: a new one would be refused, too. */
const OLD_MS = 60_000;
const MOST_KEPT = 1_000;
const TOKEN = /^[\x21-\x7e]{1,8192}$/;

interface Kept {
  token: Promise<Secret>;
  /** epoch milliseconds; while it is being minted, for ever */
  freshUntil: number;
  mintedAt: number;
  /** once it is there */
  secret?: Secret;
}

/**
 * Keys into tokens. Each is kept until shortly before it runs out, for one value of the key and one set of terms; whoever wants one that
 * is on its way waits for it.
 */
export class Minter {
  private readonly kept = new LRUCache<string, Kept>({ max: MOST_KEPT });

  constructor(
    private readonly ask: AskIssuer,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws Fault `secret.misplaced` where the issuer does not know the host, `secret.not_minted` where there is no token to be had */
  async token(name: string, key: Secret, mint: Mint, to: URL): Promise<Secret> {
    const issuer = issuerOf(name, key, mint);
    if (!issuer.accepts(to))
      throw new Fault(
        'secret.misplaced',
        `A token minted from the secret ${name} is for ${issuer.name} alone; it may not go to ${hostAndPort(to)}. Name ${issuer.name}’s own host under secrets.${name}.hosts.`,
        { detail: { secret: name } },
      );
    const id = createHash('sha256')
      .update(JSON.stringify([key.reveal(), mint]))
      .digest('base64url');
    const known = this.kept.get(id);
    return known !== undefined && known.freshUntil > this.now() ? known.token : this.mintAndKeep(id, name, issuer);
  }

  /** Its host has refused it: it may have been revoked before its time, and the next call gets a new one. */
  forget(token: Secret): void {
    for (const [id, { secret, mintedAt }] of this.kept.entries())
      if (secret === token && this.now() - mintedAt > OLD_MS) this.kept.delete(id);
  }

  private mintAndKeep(id: string, name: string, issuer: Issuer): Promise<Secret> {
    const kept: Kept = {
      token: this.mint(name, issuer, (expiresAt) => (kept.freshUntil = expiresAt - LEFT_MS)),
      freshUntil: Infinity,
      mintedAt: this.now(),
    };
    this.kept.set(id, kept);
    // A failure is for those who waited; the next one tries again.
    kept.token
      .then((secret) => (kept.secret = secret))
      .catch(() => this.kept.peek(id) === kept && this.kept.delete(id));
    return kept.token;
  }

  private async mint(name: string, issuer: Issuer, onExpiry: (expiresAt: number) => void): Promise<Secret> {
    const failed = (why: string, cause?: unknown) =>
      new Fault('secret.not_minted', `${issuer.name} gave no token for the secret ${name}: ${why}`, {
        cause,
        detail: { secret: name },
      });
    const request = await issuer.request(this.now());
    const { status, body } = await this.ask(request).catch((error) => {
      throw isFault(error) ? failed(error.message, error) : error;
    });
    if (status !== 200 && status !== 201) throw failed(`it answered ${status}; ${issuer.hint(status)}.`);
    // What the issuer says else stays unsaid: an answer may repeat what it was asked.
    const { value, expiresAt } = issuer.read((parseOrNothing(body) ?? {}) as Record<string, unknown>, this.now());
    if (typeof value !== 'string' || !TOKEN.test(value)) throw failed('its answer holds none.');
    onExpiry(Number(expiresAt));
    return new Secret(value);
  }
}

function issuerOf(name: string, key: Secret, mint: Mint): Issuer {
  switch (mint.from) {
    case 'github-app':
      return githubApp(name, key, mint);
    case 'google-service-account':
      return googleServiceAccount(name, key, mint);
  }
}
