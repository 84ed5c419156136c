import * as oauth from 'openid-client';
import type { Tokens } from './credentials.ts';

export const CLIENT = 'fingerpost-cli';
export const SCOPE = 'fingerpost';

export type Authority = oauth.Configuration;

/** The authorization server of a gateway. @throws Error with what to do about it */
export async function authorityOf(gateway: string): Promise<Authority> {
  const url = new URL(gateway);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !isHere) throw new Error(`${gateway}: tokens would travel in clear; use https.`);
  try {
    return await oauth.discovery(url, CLIENT, undefined, oauth.None(), {
      algorithm: 'oauth2',
      ...(isHere && { execute: [oauth.allowInsecureRequests] }),
    });
  } catch (error) {
    throw new Error(`${gateway} does not answer as a gateway does (${reasonOf(error)}). Is --gateway right?`, {
      cause: error,
    });
  }
}

export function tokensFrom(answer: oauth.TokenEndpointResponse): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds = 0 } = answer;
  if (refreshToken === undefined) throw new Error('The gateway gave no refresh token.');
  return { accessToken, refreshToken, expiresAt: Date.now() + seconds * 1_000 };
}

/** Of errors within errors, the innermost says most. */
function reasonOf(error: unknown): string {
  const { cause, message, code } = error as { cause?: unknown; message?: string; code?: string };
  return cause instanceof Error ? reasonOf(cause) : (code ?? message ?? String(error));
}
