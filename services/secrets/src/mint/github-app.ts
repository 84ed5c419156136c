import type { Mint } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';
import { hostAndPort } from '../bounds/host.ts';
import { type Issuer, readKey, unusable } from './issuer.ts';
import { signJwt } from './sign-jwt.ts';

const EXAMPLE = '{ "appId": 12345, "installationId": 678, "privateKey": "-----BEGIN RSA PRIVATE KEY-----..." }';
const API = 'https://api.github.com';
/** GitHub takes ten minutes at most, and none that begins in its future. */
const CLOCK_SKEW_MS = 60_000;
const LIFE_MS = 540_000;

/**
 * An installation token of a GitHub App, for the named permissions and repositories. The key says which installation and which GitHub
 * (`api`, such as `https://github.acme.dev/api/v3`): whoever keeps it decides that, and no author can turn it elsewhere.
 */
export function githubApp(
  name: string,
  key: Secret,
  { permissions, repositories }: Extract<Mint, { from: 'github-app' }>,
): Issuer {
  const { appId, installationId, privateKey, api = API } = readKey(name, key, EXAMPLE);
  if (!isId(appId) || !isId(installationId)) throw unusable(name, `it must be JSON like ${EXAMPLE}`);
  const base = URL.parse(String(api));
  if (base === null || base.search !== '' || base.hash !== '')
    throw unusable(name, 'its "api" must be like "https://github.acme.dev/api/v3"');
  return {
    name: 'GitHub',
    accepts: (to) => to.protocol === base.protocol && hostAndPort(to) === hostAndPort(base),
    request: async (now) => {
      const claims = { iss: String(appId) };
      const jwt = await signJwt(name, privateKey, { claims, from: now - CLOCK_SKEW_MS, until: now + LIFE_MS });
      return {
        url: new URL(`${base.href.replace(/\/$/, '')}/app/installations/${installationId}/access_tokens`),
        headers: [
          ['accept', 'application/vnd.github+json'],
          ['authorization', `Bearer ${jwt}`],
          ['content-type', 'application/json'],
          ['x-github-api-version', '2022-11-28'],
        ],
        body: JSON.stringify({ permissions, repositories }),
      };
    },
    read: ({ token, expires_at }) => ({ value: token, expiresAt: Date.parse(String(expires_at)) }),
    hint: (status) => HINTS[status] ?? 'try again later',
  };
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'the private key or the app id is not the app’s, or this machine’s clock is wrong',
  403: 'the installation is suspended, or asks too often',
  404: 'the app has no such installation; its id is the number at the end of the installation’s address',
  422: 'the installation lacks one of the permissions or repositories that the binding names',
};

const isId = (value: unknown): value is number | string => /^\w{1,40}$/.test(String(value ?? ''));
