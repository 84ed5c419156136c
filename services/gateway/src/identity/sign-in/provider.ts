import { Fault } from '@fingerpost/contracts';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IDToken,
  None,
  type ServerMetadata,
} from 'openid-client';
import type { Vouched } from '../people/person.ts';
import { claimsToVouched, isWanting } from './claims.ts';
import { isGoogle, type ProviderSettings } from './provider-settings.ts';

/** What a sign-in was begun with, and what its end has to agree with. */
export interface Checks {
  state: string;
  nonce: string;
  /** of PKCE */
  verifier: string;
}

export interface SignedIn {
  vouched: Vouched;
  /** what the provider calls its own session */
  sid?: string;
  /** handed back to it at sign-out */
  idToken: string;
}

const TIMEOUT_S = 8;
const CLOCK_TOLERANCE_S = 60;
const METADATA_MS = 3_600_000;
/** What it said, or that it said nothing, is true for so long: strangers begin as many sign-ins as they like. */
const NOW_MS = 1_000;

/** One identity provider, as OpenID Connect has it. Everything that it sends is verified: signatures too. */
export class Provider {
  private metadata: { is: ServerMetadata; at: number } | undefined;
  private discovery: { is: Promise<Configuration>; overAt?: number } | undefined;

  constructor(
    readonly settings: ProviderSettings,
    readonly redirectUri: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Where the browser goes. @throws Fault `identity.provider_unavailable` */
  async authorizationUrl({ state, nonce, verifier }: Checks): Promise<string> {
    const { scopes, domains } = this.settings;
    const url = buildAuthorizationUrl(this.open(await this.describeNow()), {
      redirect_uri: this.redirectUri,
      scope: ['openid', ...scopes].join(' '),
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(this.hasHostedDomains && { hd: domains.length === 1 ? domains[0]! : '*' }),
    });
    return url.href;
  }

  /**
   * Who has come back. @param url where the browser arrived, at our own origin
   * @throws Fault `identity.refused` for whatever does not agree with how it was begun, `identity.provider_unavailable`
   */
  async redeem(url: URL, { state, nonce, verifier }: Checks): Promise<SignedIn> {
    const config = this.open(await this.describe());
    const tokens = await this.asking(() =>
      authorizationCodeGrant(config, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      }),
    );
    const claims = tokens.claims()!;
    this.checkFurther(claims);
    const more = await this.more(config, claims, tokens.access_token);
    return {
      vouched: claimsToVouched({ ...more, ...claims }, this.settings),
      ...(typeof claims.sid === 'string' && { sid: claims.sid }),
      idToken: tokens.id_token!,
    };
  }

  /** Where the browser goes to end the provider's own session; nothing where it has no such place. @throws Fault `identity.provider_unavailable` */
  async endSessionUrl(idToken: string | undefined, comeBackTo: string): Promise<string | undefined> {
    const config = this.open(await this.describeNow());
    if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
    const parameters = {
      post_logout_redirect_uri: comeBackTo,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    };
    return buildEndSessionUrl(config, parameters).href;
  }

  /** Its own description of itself. @throws Fault `identity.provider_unavailable` */
  async describe(): Promise<ServerMetadata> {
    const { metadata } = this;
    if (metadata !== undefined && this.now() - metadata.at < METADATA_MS) return metadata.is;
    return await this.describeNow().catch((fault) => {
      // What it said an hour ago is better than nothing.
      if (metadata !== undefined) return metadata.is;
      throw fault;
    });
  }

  /** By a provider that answers at this moment: no browser is sent to one that is away. */
  private async describeNow(): Promise<ServerMetadata> {
    if (this.now() - (this.discovery?.overAt ?? Infinity) >= NOW_MS) this.discovery = undefined;
    this.discovery ??= this.askOnce();
    try {
      const is = (await this.discovery.is).serverMetadata();
      this.metadata = { is, at: this.discovery?.overAt ?? this.now() };
      return is;
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  private askOnce(): NonNullable<typeof this.discovery> {
    const asked: NonNullable<typeof this.discovery> = {
      is: this.discover().finally(() => {
        asked.overAt = this.now();
      }),
    };
    return asked;
  }

  // New each time: keys are fetched when they are needed, so that one that was just replaced fails no sign-in.
  private open(metadata: ServerMetadata): Configuration {
    const { clientId } = this.settings;
    const config = new Configuration(metadata, clientId, { [clockTolerance]: CLOCK_TOLERANCE_S }, this.proof(metadata));
    config.timeout = TIMEOUT_S;
    enableNonRepudiationChecks(config);
    if (this.isPlain) allowInsecureRequests(config);
    return config;
  }

  private discover(): Promise<Configuration> {
    const { issuer, clientId } = this.settings;
    const execute = this.isPlain ? [allowInsecureRequests] : [];
    return discovery(new URL(issuer), clientId, undefined, None(), { execute, timeout: TIMEOUT_S });
  }

  private proof({ token_endpoint_auth_methods_supported: ways = ['client_secret_basic'] }: ServerMetadata): ClientAuth {
    const secret = this.settings.clientSecret?.reveal();
    if (secret === undefined) return None();
    return ways.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret);
  }

  // What the library leaves to us: it lets a token from the future pass, and an `azp` beside a single audience.
  private checkFurther({ azp, iat }: IDToken): void {
    if (azp !== undefined && azp !== this.settings.clientId) throw refused('its ID token is for another client (azp)');
    if (iat > this.now() / 1_000 + CLOCK_TOLERANCE_S) throw refused('its ID token is from the future (iat)');
  }

  /** Some providers keep groups and address out of the ID token. */
  private async more(config: Configuration, claims: IDToken, accessToken: string): Promise<Record<string, unknown>> {
    if (!isWanting(claims, this.settings) || config.serverMetadata().userinfo_endpoint === undefined) return {};
    return await this.asking(() => fetchUserInfo(config, accessToken, claims.sub));
  }

  private async asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw isAway(error) ? this.unavailable(error) : refused(reasonOf(error), error);
    }
  }

  private unavailable(cause: unknown): Fault {
    const { label, issuer } = this.settings;
    const message = `${label} cannot be reached at ${issuer}. Who is signed in can go on; try again in a moment.`;
    return new Fault('identity.provider_unavailable', message, { cause });
  }

  private get isPlain(): boolean {
    return this.settings.issuer.startsWith('http:');
  }

  private get hasHostedDomains(): boolean {
    return isGoogle(this.settings) && this.settings.domains.length > 0;
  }
}

const refused = (reason: string, cause?: unknown): Fault =>
  new Fault('identity.refused', `The provider’s answer is not to be trusted: ${reason}.`, { cause });

const isAway = (error: unknown): boolean => {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: { status?: number; code?: string } };
  if (name === 'TimeoutError' || code === 'OAUTH_TIMEOUT' || (error as Error).message === 'fetch failed') return true;
  return code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && (cause?.status ?? 0) >= 500;
};

// Names of checks and codes, never what was in the token.
function reasonOf(error: unknown): string {
  const { error: code, cause, message } = error as { error?: string; cause?: Error; message: string };
  return code ?? (cause instanceof Error ? cause.message : message);
}
