import * as oauth from 'openid-client';
import { authorityOf, tokensFrom } from './authority.ts';
import type { Credentials, Tokens } from './credentials.ts';

const SOON_MS = 60_000;

/** An access token that is good for another minute at least. @throws Error that says to sign in */
export async function accessTokenFor(gateway: string, credentials: Credentials): Promise<string> {
  const tokens = await credentials.find(gateway);
  if (tokens === undefined) throw signedOut(gateway);
  if (tokens.expiresAt - SOON_MS > Date.now()) return tokens.accessToken;
  const renewed = await renew(gateway, tokens);
  if (renewed === undefined) {
    await credentials.forget(gateway);
    throw signedOut(gateway);
  }
  await credentials.keep(gateway, renewed);
  return renewed.accessToken;
}

/** @returns nothing when the session has ended. Several at once are given the same: the gateway sees to that */
async function renew(gateway: string, { refreshToken }: Tokens): Promise<Tokens | undefined> {
  try {
    return tokensFrom(await oauth.refreshTokenGrant(await authorityOf(gateway), refreshToken));
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant') return undefined;
    throw error;
  }
}

const signedOut = (gateway: string) => new Error(`You are signed out of ${gateway}. Sign in: fingerpost login`);
