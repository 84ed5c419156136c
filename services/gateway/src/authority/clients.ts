import { hash } from 'node:crypto';
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

/** As we build it ourselves: for Chrome and Edge, and for Firefox. A store may give it another id. */
export const OUR_EXTENSIONS = ['allpkjnlofodienifbkhagkpmhfgfoed', 'extension@fingerpost.dev'];

const OF_CHROMIUM = /^[a-p]{32}$/;
const OF_FIREFOX = /^[\w.-]*@[\w.-]+$|^\{[0-9a-f-]{36}\}$/i;

export const isExtensionId = (id: string): boolean => OF_CHROMIUM.test(id) || OF_FIREFOX.test(id);

/** Where browsers send their extensions back to. Nobody else can be there: no such host exists. */
export const extensionRedirects = (ids: readonly string[]): string[] =>
  ids.map((id) => (OF_CHROMIUM.test(id) ? `https://${id}.chromiumapp.org/` : firefoxRedirect(id)));

const firefoxRedirect = (id: string) => `https://${hash('sha1', id)}.extensions.allizom.org/`;
