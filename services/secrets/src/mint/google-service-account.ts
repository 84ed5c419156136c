import type { Mint } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';
import { hostAndPort } from '../bounds/host.ts';
import { type Issuer, readKey, unusable } from './issuer.ts';
import { signJwt } from './sign-jwt.ts';

const EXAMPLE =
  '{ "type": "service_account", "client_email": "...", "private_key": "...", "token_uri": "https://oauth2.googleapis.com/token" }, the file that Google gives';
/** Whatever a key says: a signed assertion is worth a token, and goes to Google only. */
const TOKEN_URIS = ['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'];
const LIFE_MS = 3_600_000;

/** An access token of a Google service account for the named scopes: RFC 7523. */
export function googleServiceAccount(
  name: string,
  key: Secret,
  { scopes }: Extract<Mint, { from: 'google-service-account' }>,
): Issuer {
  const { client_email, private_key, private_key_id, token_uri = TOKEN_URIS[0] } = readKey(name, key, EXAMPLE);
  if (typeof client_email !== 'string') throw unusable(name, `it must be JSON like ${EXAMPLE}`);
  if (!TOKEN_URIS.includes(String(token_uri)))
    throw unusable(name, `its "token_uri" must be ${TOKEN_URIS.join(' or ')}`);
  const audience = String(token_uri);
  return {
    name: 'Google',
    accepts: (to) => /\.googleapis\.com:443$/.test(hostAndPort(to)),
    request: async (now) => {
      const assertion = await signJwt(name, private_key, {
        claims: { iss: client_email, aud: audience, scope: scopes.join(' ') },
        keyId: typeof private_key_id === 'string' ? private_key_id : undefined,
        from: now,
        until: now + LIFE_MS,
      });
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
      return {
        url: new URL(audience),
        headers: [['content-type', 'application/x-www-form-urlencoded']],
        body: new URLSearchParams(form).toString(),
      };
    },
    read: ({ access_token, expires_in }, now) => ({ value: access_token, expiresAt: now + Number(expires_in) * 1_000 }),
    hint: (status) => HINTS[status] ?? 'try again later',
  };
}

const HINTS: Readonly<Record<number, string>> = {
  400: 'the key was deleted, a scope is none, or this machine’s clock is wrong',
  401: 'the account may not ask for one of these scopes',
  403: 'the account is disabled',
};
