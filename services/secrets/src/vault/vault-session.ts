import { inSpan, type Log } from '@fingerpost/platform';
import type { Login, VaultToken } from './login.ts';
import { unavailable, type VaultClient, type VaultMethod, type VaultReply, type VaultRequest } from './vault-client.ts';

/** Renewed when this much of its life is over: time for several tries. */
const RENEW_AT = 0.6;
const RETRY_MS = { first: 250, longest: 2_000 };
const LONGEST_TIMER_MS = 24 * 60 * 60 * 1_000;

/**
 * One token for all: logged in when first needed, renewed on its own clock and never by whoever reads, replaced when it cannot be renewed or
 * Vault has forgotten it. However many ask, one logs in.
 */
export class VaultSession {
  private current: Promise<VaultToken> | undefined;
  private judging: Promise<VaultToken | undefined> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private lastFailure: { error: unknown; until: number } | undefined;
  private isClosed = false;

  constructor(
    private readonly client: VaultClient,
    private readonly login: Login,
    private readonly log: Log,
  ) {}

  /** @throws Fault `secret.unavailable`, where Vault denies it too: that says which path, and that its policy is the place to look */
  ask(method: VaultMethod, path: string, options: Omit<VaultRequest, 'token'> = {}): Promise<VaultReply> {
    return inSpan('vault', () => this.askAs(method, path, options), 'client');
  }

  private async askAs(method: VaultMethod, path: string, options: Omit<VaultRequest, 'token'>): Promise<VaultReply> {
    const token = await this.token();
    const reply = await this.client.send(method, path, { ...options, token: token.value });
    if (reply.status !== 403) return reply;
    const other = await this.otherThan(token);
    if (other === undefined) throw denied(method, path);
    const again = await this.client.send(method, path, { ...options, token: other.value });
    if (again.status === 403) throw denied(method, path);
    return again;
  }

  /** Takes back a token that was asked for, and with it whatever is still lent under it. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const token = await this.current?.catch(() => undefined);
    if (token?.isOurs === true)
      await this.client.send('POST', 'auth/token/revoke-self', { token: token.value }).catch(() => {});
    await this.client.close();
  }

  private token(): Promise<VaultToken> {
    return this.current ?? this.logIn();
  }

  private logIn(): Promise<VaultToken> {
    if (this.lastFailure !== undefined && performance.now() < this.lastFailure.until)
      return Promise.reject(this.lastFailure.error);
    const current = this.login();
    this.current = current;
    current.then(
      (token) => this.onLogin(token),
      (error) => this.onFailure(error),
    );
    return current;
  }

  private onLogin(token: VaultToken): void {
    this.failures = 0;
    this.lastFailure = undefined;
    this.keepAlive(token, token.leaseMs);
  }

  private onFailure(error: unknown): void {
    this.current = undefined;
    const waitMs = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** this.failures++);
    this.lastFailure = { error, until: performance.now() + waitMs };
  }

  private keepAlive(token: VaultToken, leaseMs: number): void {
    if (leaseMs > 0) this.later(token, Math.min(LONGEST_TIMER_MS, leaseMs * RENEW_AT));
  }

  private later(token: VaultToken, waitMs: number): void {
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => void this.prolong(token), waitMs).unref();
  }

  /** Renews; where that gives no whole lease any more, logs in again while the old token is still good. */
  private async prolong(token: VaultToken): Promise<void> {
    try {
      const leaseMs = token.isRenewable ? await this.renewed(token) : 0;
      if (leaseMs >= token.leaseMs * RENEW_AT) return this.keepAlive(token, leaseMs);
      const next = await this.login();
      this.current = Promise.resolve(next);
      this.onLogin(next);
    } catch (error) {
      this.log.warn({ err: error }, 'could not renew the token of Vault; trying again');
      this.later(token, RETRY_MS.longest);
    }
  }

  /** The new lease, 0 where there is none. OpenBao answers 500 now and then, shortly before a token's last moment. */
  private async renewed(token: VaultToken): Promise<number> {
    try {
      const how = { token: token.value, body: {} };
      const { status, auth } = await this.client.send('POST', 'auth/token/renew-self', how);
      return status === 200 ? Number(auth.lease_duration ?? 0) * 1_000 : 0;
    } catch (error) {
      this.log.debug({ err: error }, 'the token of Vault was not renewed; logging in again');
      return 0;
    }
  }

  /** Denied: is it the token, or what was asked for? `undefined` for the latter. One looks for all. */
  private async otherThan(refused: VaultToken): Promise<VaultToken | undefined> {
    const token = await this.token();
    if (token !== refused) return token; // somebody has found out meanwhile
    this.judging ??= this.judge(refused).finally(() => (this.judging = undefined));
    return this.judging;
  }

  private async judge(token: VaultToken): Promise<VaultToken | undefined> {
    const { status } = await this.client.send('GET', 'auth/token/lookup-self', { token: token.value });
    if (status === 200) return undefined;
    this.log.warn('Vault does not know our token any more: logging in again');
    this.current = undefined;
    return this.logIn();
  }
}

const denied = (method: VaultMethod, path: string) =>
  unavailable(
    `does not allow the secrets service ${WORDS[method]} ${path} (403); look at its policy, deploy/vault has one`,
    undefined,
    { isDenied: true },
  );

const WORDS: Record<VaultMethod, string> = { GET: 'to read', LIST: 'to list', POST: 'to write', PUT: 'to write' };
