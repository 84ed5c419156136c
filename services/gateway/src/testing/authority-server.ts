/** The authorization server alone, over HTTP, with a browser that keeps cookies and a program that asks for tokens. */
import { hash, randomBytes } from 'node:crypto';
import {
  createLog,
  generateSigningKey,
  Signer,
  type SigningKey,
  signCertificate,
  Verifier,
} from '@fingerpost/platform';
import { freePort } from '@fingerpost/platform/testing';
import { fastify } from 'fastify';
import { openAuthority } from '../authority/authority.ts';
import { EXTENSION } from '../authority/clients.ts';
import type { IdentityAudit } from '../identity/audit/identity-audit.ts';
import { People } from '../identity/people/people.ts';
import type { Role } from '../identity/people/person.ts';
import { Sessions } from '../identity/session/sessions.ts';
import { WebSessions } from '../identity/session/web-session.ts';
import { EmbeddedStore } from '../identity/store/embedded-store.ts';
import type { IdentityStore } from '../identity/store/identity-store.ts';

export const REDIRECT = 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/';

/** @param beside one that it shares everything with but its store's own connection and its key */
export async function startAuthority(ownStore?: IdentityStore, beside?: { issuer: string; root: SigningKey }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const issuer = beside?.issuer ?? url;
  const log = createLog('test', { level: 'silent' as never, format: 'json' });
  const clock = { ms: 0 };
  const now = () => Date.now() + clock.ms;
  const store = ownStore ?? (await EmbeddedStore.open(undefined, now));
  const roles: Role[] = ['viewer'];
  const people = new People(store, ({ groups }) => ({ groups, roles: [...roles] }), now);
  const sessions = new Sessions(store, people, now);
  const root = beside?.root ?? (await generateSigningKey());
  const makeSigner = async () => {
    const { privateKey, publicKey } = await generateSigningKey();
    const certificate = { role: 'gateway' as const, publicKey, expiresAt: Date.now() + 3_600_000 };
    return new Signer(privateKey, await signCertificate(root.privateKey, certificate));
  };
  const signer = await makeSigner();
  const web = new WebSessions(sessions, issuer);
  const told: { action: string; detail?: object }[] = [];
  const opened = await openAuthority({
    identity: {
      origin: issuer,
      store,
      sessions,
      web,
      audit: { tell: (each) => void told.push(each) } as IdentityAudit,
    },
    extensionRedirects: [REDIRECT],
    verifier: new Verifier([root.publicKey]),
    signer,
    log,
    now,
  });
  const server = fastify();
  await server.register(opened.routes);
  await server.listen({ port, host: '127.0.0.1' });

  const ada = await people.welcome({
    provider: 'test',
    issuer: 'https://idp.acme.dev',
    sub: 'ada',
    email: 'ada@acme.dev',
    isEmailVerified: true,
    name: 'Ada',
    groups: ['sre'],
  });
  return {
    issuer,
    /** of this one, where there are several */
    url,
    store,
    people,
    /** everybody's */
    roles,
    sessions,
    signer,
    makeSigner,
    root,
    accessTokens: opened.accessTokens,
    /** the audit trail */
    told,
    clock,
    ada,
    /** A browser in which she is signed in. */
    browserOfAda: async (sid?: string, isBreakGlass?: true) => {
      const { secret } = await sessions.open(ada, { device: 'Firefox on Linux', sid, isBreakGlass });
      return new Browser(issuer, { fingerpost: secret });
    },
    close: async () => {
      opened.close();
      await server.close();
      sessions.close();
      people.close();
      await store.close();
    },
  };
}

export type TestAuthority = Awaited<ReturnType<typeof startAuthority>>;

/** Keeps cookies by path, and stops where another origin begins. */
export class Browser {
  private readonly jar = new Map<string, { value: string; path: string }>();

  constructor(
    private readonly origin: string,
    cookies: Record<string, string> = {},
  ) {
    for (const [name, value] of Object.entries(cookies)) this.jar.set(name, { value, path: '/' });
  }

  async open(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, this.origin);
    const cookie = [...this.jar]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie, ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  /** @returns where it ended: an address of another origin, a sign-in, or a page */
  async follow(path: string, init?: RequestInit): Promise<{ url: URL; response: Response }> {
    let response = await this.open(path, init);
    for (let hop = 0; hop < 10; hop++) {
      const location = response.headers.get('location');
      if (location === null) return { url: new URL(path, this.origin), response };
      const url = new URL(location, this.origin);
      if (url.origin !== this.origin || url.pathname === '/sign-in' || url.pathname === '/oauth/landing')
        return { url, response };
      path = url.href;
      response = await this.open(path);
    }
    throw new Error('too many redirects');
  }

  submit(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    const body = new URLSearchParams(fields);
    return this.follow(path, { method: 'POST', body, headers });
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
    if (value === '') this.jar.delete(name);
    else this.jar.set(name, { value, path });
  }
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  error?: string;
}

/** A program that asks, by PKCE. What `changes` says is sent instead; what it says is undefined is left out. */
export class Program {
  readonly verifier = randomBytes(32).toString('base64url');

  constructor(
    private readonly issuer: string,
    readonly clientId = EXTENSION,
    readonly redirect = REDIRECT,
  ) {}

  address(changes: Record<string, string | undefined> = {}): string {
    return `/oauth/authorize?${fieldsOf({
      client_id: this.clientId,
      response_type: 'code',
      redirect_uri: this.redirect,
      scope: 'fingerpost',
      state: 'a state',
      code_challenge: hash('sha256', this.verifier, 'base64url'),
      code_challenge_method: 'S256',
      ...changes,
    })}`;
  }

  redeem(code: string, changes: Record<string, string | undefined> = {}): Promise<Response> {
    return this.ask('/oauth/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.redirect,
      code_verifier: this.verifier,
      ...changes,
    });
  }

  refresh(refreshToken: string, changes: Record<string, string | undefined> = {}): Promise<Response> {
    return this.ask('/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...changes });
  }

  ask(path: string, fields: Record<string, string | undefined>, headers: Record<string, string> = {}) {
    const body = fieldsOf({ client_id: this.clientId, ...fields });
    return fetch(`${this.issuer}${path}`, { method: 'POST', body, headers });
  }

  async signIn(browser: Browser): Promise<Tokens> {
    const { url } = await browser.follow(this.address());
    return (await (await this.redeem(url.searchParams.get('code')!)).json()) as Tokens;
  }
}

const fieldsOf = (fields: Record<string, string | undefined>) =>
  new URLSearchParams(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined));
