import { hash } from 'node:crypto';
import { Fault } from '@fingerpost/contracts';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { Seal } from '../../redis/seal.ts';
import { type Checks, Provider, type SignedIn } from './provider.ts';
import type { ProviderSettings } from './provider-settings.ts';

/** What a browser holds between leaving for the provider and coming back: sealed, and good for the one state in its name. */
interface Begun extends Checks {
  provider: string;
  returnTo: string;
  until: number;
}

export interface Beginning {
  /** where the browser goes */
  url: string;
  /** what it holds meanwhile */
  cookie: { name: string; value: string };
}

export const BEGUN_S = 600;

/**
 * Signing in at one of several providers. State, nonce and PKCE verifier are drawn for each time and bound to the browser that began and to
 * the provider that was chosen: an answer that is brought by another browser, or from another provider, is no answer.
 */
export class SignIn {
  readonly providers: readonly Provider[];
  private readonly cookiePrefix: string;

  constructor(
    settings: readonly ProviderSettings[],
    private readonly seal: Seal,
    readonly origin: string,
    private readonly now: () => number = Date.now,
  ) {
    this.providers = settings.map((one) => new Provider(one, `${origin}/sign-in/${one.name}/callback`, now));
    this.cookiePrefix = `${origin.startsWith('https:') ? '__Host-' : ''}fingerpost-sign-in-`;
  }

  /** @throws Fault `request.not_found`, `identity.provider_unavailable` */
  async begin(name: string, returnTo: string | undefined): Promise<Beginning> {
    const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const url = await this.provider(name).authorizationUrl(checks);
    const begun: Begun = {
      ...checks,
      provider: name,
      returnTo: ownAddress(returnTo, this.origin),
      until: this.now() + BEGUN_S * 1_000,
    };
    const value = this.seal.place('sign-in', checks.state).close(JSON.stringify(begun)).toString('base64url');
    return { url, cookie: { name: this.cookieOf(checks.state), value } };
  }

  /**
   * @param path where the browser came back to, with its query
   * @param cookie what the browser holds for the state that it brings
   * @throws Fault `identity.refused`, `identity.provider_unavailable`
   */
  async finish(name: string, path: string, cookie: string | undefined): Promise<SignedIn & { returnTo: string }> {
    const url = new URL(path, this.origin);
    const begun = cookie === undefined ? undefined : this.open(url.searchParams.get('state') ?? '', cookie);
    if (begun === undefined || begun.provider !== name)
      throw new Fault(
        'identity.refused',
        'This sign-in was not begun in this browser, or too long ago. Begin again, and do not open the link of somebody else.',
      );
    return { ...(await this.provider(name).redeem(url, begun)), returnTo: begun.returnTo };
  }

  provider(name: string): Provider {
    const provider = this.providers.find(({ settings }) => settings.name === name);
    if (provider === undefined) throw new Fault('request.not_found', 'There is no such provider to sign in with.');
    return provider;
  }

  /** The name of the cookie for a sign-in; of all of them, without a state. */
  cookieOf(state = ''): string {
    return state === '' ? this.cookiePrefix : `${this.cookiePrefix}${hash('sha256', state).slice(0, 12)}`;
  }

  private open(state: string, cookie: string): Begun | undefined {
    for (const place of this.seal.places('sign-in', state)) {
      const text = place.open(Buffer.from(cookie, 'base64url'));
      const begun = text === undefined ? undefined : (JSON.parse(text) as Begun);
      if (begun !== undefined && begun.until > this.now()) return begun;
    }
  }
}

/** The address of one of our own pages; of anything else, the first page. Whole, so that no browser reads a path as another host. */
export function ownAddress(returnTo: string | undefined, origin: string): string {
  const isPath = returnTo?.startsWith('/') === true && !/^\/[/\\]/.test(returnTo) && returnTo.length <= 2_000;
  const url = isPath ? URL.parse(returnTo, origin) : null;
  return url?.origin === origin && !url.pathname.startsWith('//') ? url.href : `${origin}/`;
}
