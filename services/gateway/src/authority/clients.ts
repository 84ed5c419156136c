import { createHash } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';

export const EXTENSION = 'fingerpost-extension';
export const COMMAND_LINE = 'fingerpost-cli';

/** A page of ours to which browsers without a flow of their own are sent: the extension reads the tab's address. */
export const LANDING = '/oauth/landing';

const DEVICE_FLOW = 'urn:ietf:params:oauth:grant-type:device_code';

/** Who may ask for tokens: programs of ours on people's machines, which can keep no secret (RFC 8252). */
export function clientsAt(issuer: string, extensionRedirects: readonly string[]): ClientMetadata[] {
  const anybody = {
    token_endpoint_auth_method: 'none',
    response_types: ['code'],
    id_token_signed_response_alg: 'EdDSA',
  } satisfies Partial<ClientMetadata>;
  return [
    {
      ...anybody,
      client_id: EXTENSION,
      client_name: 'The browser extension',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [...extensionRedirects, `${issuer}${LANDING}`],
    },
    {
      ...anybody,
      client_id: COMMAND_LINE,
      client_name: 'The command line',
      application_type: 'native', // any port of this machine, and nothing else of the address
      grant_types: ['authorization_code', 'refresh_token', DEVICE_FLOW],
      redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
    },
  ];
}

/** Where Firefox sends its extensions back to. */
export const firefoxRedirect = (id: string): string =>
  `https://${createHash('sha1').update(id).digest('hex')}.extensions.allizom.org/`;

/** Where Chrome and Edge do. */
export const chromiumRedirect = (id: string): string => `https://${id}.chromiumapp.org/`;
