import * as oauth from 'oauth4webapi';
import type { Profile } from '../profiles/profiles.ts';

const CLIENT = { client_id: 'fingerpost-extension' };
const SCOPE = 'fingerpost';
const PATIENCE_MS = 15_000;

/** A sign-in that has begun: what must be remembered of it until the browser comes back. */
export interface Begun {
  state: string;
  verifier: string;
  redirect: string;
}

export interface Tokens {
  access: string;
  /** ms */
  expiresAt: number;
  refresh: string;
}

/** The gateway knows this sign-in no more: nothing but signing in again helps. */
export class SignInOver extends Error {
  override readonly name = 'SignInOver';
}

/** A gateway's authorization server, as oauth4webapi speaks to it. */
export class GatewayAuthority {
  private readonly options: { signal: AbortSignal; [oauth.allowInsecureRequests]: boolean };

  constructor(private readonly profile: Profile) {
    // Only a gateway on this very machine may be named by http.
    this.options = {
      signal: AbortSignal.timeout(PATIENCE_MS),
      [oauth.allowInsecureRequests]: profile.gateway.startsWith('http:'),
    };
  }

  /** @returns where the browser goes, and what to remember meanwhile */
  async begin(redirect: string): Promise<{ address: string; begun: Begun }> {
    const { authorization_endpoint: endpoint } = await this.server();
    const begun = { state: oauth.generateRandomState(), verifier: oauth.generateRandomCodeVerifier(), redirect };
    const address = new URL(endpoint!);
    address.search = new URLSearchParams({
      client_id: CLIENT.client_id,
      response_type: 'code',
      redirect_uri: redirect,
      scope: SCOPE,
      state: begun.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    }).toString();
    return { address: address.href, begun };
  }

  /** @throws where the browser came back from another sign-in, another server, or with a refusal */
  async finish(address: string, { state, verifier, redirect }: Begun): Promise<Tokens> {
    const server = await this.server();
    const answer = oauth.validateAuthResponse(server, CLIENT, new URL(address), state);
    const none = oauth.None();
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      CLIENT,
      none,
      answer,
      redirect,
      verifier,
      this.options,
    );
    return tokensFrom(await oauth.processAuthorizationCodeResponse(server, CLIENT, response));
  }

  /** @throws SignInOver */
  async renew(refresh: string): Promise<Tokens> {
    const server = await this.server();
    try {
      const response = await oauth.refreshTokenGrantRequest(server, CLIENT, oauth.None(), refresh, this.options);
      return tokensFrom(await oauth.processRefreshTokenResponse(server, CLIENT, response));
    } catch (error) {
      if (error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant')
        throw new SignInOver('Your sign-in has ended.', { cause: error });
      throw error;
    }
  }

  async giveBack(refresh: string): Promise<void> {
    await oauth.revocationRequest(await this.server(), CLIENT, oauth.None(), refresh, this.options);
  }

  /** What people call the person whose token this is. */
  async nameOf(access: string): Promise<string | undefined> {
    const headers = { authorization: `Bearer ${access}` };
    const { signal } = this.options;
    const response = await fetch(`${this.profile.gateway}/whoami`, { headers, signal, credentials: 'omit' });
    const { email } = (await response.json()) as { email?: unknown };
    return typeof email === 'string' ? email : undefined;
  }

  private async server(): Promise<oauth.AuthorizationServer> {
    const url = new URL(this.profile.gateway);
    const response = await oauth.discoveryRequest(url, { ...this.options, algorithm: 'oauth2' });
    const server = await oauth.processDiscoveryResponse(url, response);
    for (const endpoint of [server.authorization_endpoint, server.token_endpoint, server.revocation_endpoint])
      if (endpoint === undefined || new URL(endpoint).origin !== url.origin)
        throw new Error('The gateway names addresses that are not its own.');
    return server;
  }
}

function tokensFrom({ access_token, refresh_token, expires_in = 0 }: oauth.TokenEndpointResponse): Tokens {
  if (refresh_token === undefined) throw new Error('The gateway gave no refresh token.');
  return { access: access_token, expiresAt: Date.now() + expires_in * 1_000, refresh: refresh_token };
}
