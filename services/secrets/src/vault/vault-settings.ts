import { readFileSync } from 'node:fs';
import { list, readSettings, Secret, type SettingsSpec, secret, str } from '@fingerpost/platform';

export const vaultSettings = {
  // https address of Vault or OpenBao, or http on loopback; without it secrets come from the file and the environment alone
  address: ['VAULT_ADDR', str({ default: undefined })],

  // namespace in which all of the following lies
  namespace: ['VAULT_NAMESPACE', str({ default: undefined })],

  // PEM file with the certificate authority of its address
  caCert: ['VAULT_CACERT', str({ default: undefined })],

  // how this service logs in: token, approle or kubernetes (any JWT login)
  auth: [
    'FINGERPOST_VAULT_AUTH',
    str<'token' | 'approle' | 'kubernetes'>({ choices: ['token', 'approle', 'kubernetes'], default: 'token' }),
  ],

  // where that login is mounted; without it under its own name
  authMount: ['FINGERPOST_VAULT_AUTH_MOUNT', str({ default: undefined })],

  // for token: VAULT_TOKEN_FILE is read anew at each login
  token: ['VAULT_TOKEN', secret({ default: undefined })],

  // for approle: the role's id
  roleId: ['FINGERPOST_VAULT_ROLE_ID', str({ default: undefined })],

  // for approle: the secret id, or
  secretId: ['FINGERPOST_VAULT_SECRET_ID', secret({ default: undefined })],

  // for approle: a response-wrapping token that holds the secret id and is good for one use
  wrappedSecretId: ['FINGERPOST_VAULT_WRAPPED_SECRET_ID', secret({ default: undefined })],

  // for kubernetes: the role
  role: ['FINGERPOST_VAULT_ROLE', str({ default: 'fingerpost-secrets' })],

  // for kubernetes: file with the service account's token, read anew at each login
  jwtFile: ['FINGERPOST_VAULT_JWT', str({ default: '/var/run/secrets/kubernetes.io/serviceaccount/token' })],

  // where the KV store (version 2) is mounted
  mount: ['FINGERPOST_VAULT_MOUNT', str({ default: 'secret' })],

  // folder in it: GH_TOKEN is the field "value" of <mount>/<prefix>/GH_TOKEN
  prefix: ['FINGERPOST_VAULT_PREFIX', str({ default: 'fingerpost' })],

  // comma-separated mounts from which secrets may be made for one run, such as database
  dynamicMounts: ['FINGERPOST_VAULT_DYNAMIC', list({ default: [] })],

  // Ed25519 key in Transit that is the root of all signatures, as <mount>/<key>; without it a file in the data folder is
  rootTransitKey: ['FINGERPOST_ROOT_TRANSIT_KEY', str({ default: undefined })],

  // version of that key to sign with; without it the newest
  rootTransitVersion: ['FINGERPOST_ROOT_TRANSIT_VERSION', str({ default: undefined })],
} satisfies SettingsSpec;

export interface VaultAddress {
  url: URL;
  namespace?: string;
  /** PEM */
  ca?: string;
}

/** How to log in. */
export type VaultAuth =
  | { by: 'token'; token: Secret | { file: string } }
  | { by: 'approle'; mount: string; roleId: string; secretId: Secret; isWrapped: boolean }
  | { by: 'kubernetes'; mount: string; role: string; jwtFile: string };

export interface VaultSettings {
  address: VaultAddress;
  auth: VaultAuth;
  mount: string;
  prefix: string;
  dynamicMounts: readonly string[];
  /** the root of signatures in Transit */
  root?: { mount: string; key: string; version?: number };
}

const PATH = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_.-]+)*$/;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** In place of what is missing, which is a problem already. */
const NOTHING = new Secret('');

type Given = ReturnType<typeof readSettings<typeof vaultSettings>>;

/** `undefined` without VAULT_ADDR. Whatever is wrong is added to the problems. */
export function readVaultSettings(env: NodeJS.ProcessEnv, problems: string[]): VaultSettings | undefined {
  // The file itself is what counts: an agent renews what is in it.
  const { VAULT_TOKEN_FILE: tokenFile, ...rest } = env;
  const given = readSettings(rest, vaultSettings);
  if (given.address === undefined) {
    problems.push(...withoutAddress(env));
    return undefined;
  }
  for (const field of ['mount', 'prefix', 'authMount'] as const) checkPath(field, given[field], problems);
  return {
    address: {
      url: checkAddress(given.address, problems),
      namespace: given.namespace,
      ca: given.caCert === undefined ? undefined : readCa(given.caCert, problems),
    },
    auth: readAuth(given, tokenFile, problems),
    mount: given.mount,
    prefix: given.prefix,
    dynamicMounts: given.dynamicMounts,
    root: readRoot(given, problems),
  };
}

/** Whoever says how to log in means a Vault; without its address values would come from elsewhere, and signatures from another root. */
function withoutAddress(env: NodeJS.ProcessEnv): string[] {
  return Object.values(vaultSettings)
    .flatMap(([variable]) => [variable, `${variable}_FILE`])
    .filter((variable) => env[variable])
    .map((variable) => `${variable}: needs VAULT_ADDR`);
}

function checkAddress(text: string, problems: string[]): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
    problems.push('VAULT_ADDR: must be like https://vault.acme.internal:8200');
  else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    problems.push('VAULT_ADDR: must be https, but on loopback: tokens and secrets go there');
  return url ?? new URL('https://invalid');
}

function checkPath(field: 'mount' | 'prefix' | 'authMount', path: string | undefined, problems: string[]): void {
  if (path !== undefined && (!PATH.test(path) || /(^|\/)\.+(\/|$)/.test(path)))
    problems.push(`${vaultSettings[field][0]}: "${path}" must be a path such as team/fingerpost`);
}

function readCa(file: string, problems: string[]): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.push(`VAULT_CACERT: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
    return '';
  }
}

function readAuth(given: Given, tokenFile: string | undefined, problems: string[]): VaultAuth {
  const mount = given.authMount ?? given.auth;
  if (given.auth === 'kubernetes') return { by: 'kubernetes', mount, role: given.role, jwtFile: given.jwtFile };
  if (given.auth === 'approle') {
    const { roleId = '', secretId, wrappedSecretId } = given;
    if (roleId === '') problems.push('FINGERPOST_VAULT_ROLE_ID: is missing, and the login is by approle');
    if ((secretId === undefined) === (wrappedSecretId === undefined))
      problems.push(
        'FINGERPOST_VAULT_SECRET_ID, FINGERPOST_VAULT_WRAPPED_SECRET_ID: one of them is needed for the login by approle',
      );
    const isWrapped = wrappedSecretId !== undefined;
    return { by: 'approle', mount, roleId, secretId: wrappedSecretId ?? secretId ?? NOTHING, isWrapped };
  }
  if (tokenFile) return { by: 'token', token: { file: tokenFile } };
  if (given.token === undefined)
    problems.push('VAULT_TOKEN: is missing; set it or VAULT_TOKEN_FILE, or choose FINGERPOST_VAULT_AUTH');
  return { by: 'token', token: given.token ?? NOTHING };
}

function readRoot({ rootTransitKey, rootTransitVersion }: Given, problems: string[]): VaultSettings['root'] {
  if (rootTransitKey === undefined) return undefined;
  const at = rootTransitKey.lastIndexOf('/');
  if (at < 0 || !PATH.test(rootTransitKey))
    problems.push(
      `FINGERPOST_ROOT_TRANSIT_KEY: "${rootTransitKey}" must be <mount>/<key>, such as transit/fingerpost-root`,
    );
  if (rootTransitVersion !== undefined && !/^[1-9]\d*$/.test(rootTransitVersion))
    problems.push('FINGERPOST_ROOT_TRANSIT_VERSION: must be a whole number, 1 or more');
  return {
    mount: rootTransitKey.slice(0, at),
    key: rootTransitKey.slice(at + 1),
    version: rootTransitVersion === undefined ? undefined : Number(rootTransitVersion),
  };
}
