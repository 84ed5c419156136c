import { CALL_METHODS, SECRET_SLOTS, type SecretSlot, WILDCARD_HOST } from '@fingerpost/contracts';
import { parseHost } from '../bounds/host.ts';
import type { StoredBinding } from '../store/stored-binding.ts';
import { CustomMetadata } from './custom-metadata.ts';

/** What `custom_metadata` of a secret says about it. */
export interface VaultTerms {
  binding?: StoredBinding;
  /** made for each run: `database/creds/readonly`, and which field of what is made */
  dynamic?: { path: string; field: string };
  /** the one that counts, for everybody; without it the newest */
  version?: number;
}

const KEYS = ['hosts', 'methods', 'paths', 'slots', 'integrations', 'mode', 'version', 'dynamic', 'field'];
const INTEGRATION = /^[a-z0-9][a-z0-9._-]{0,99}$/i;
const PATH = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_.-]+)+$/;

/** @throws Fault `secret.misplaced` that says which key is not understood */
export function readTerms(name: string, at: string, values: Readonly<Record<string, unknown>>): VaultTerms {
  const metadata = new CustomMetadata(name, at, values);
  metadata.refuseMisspelt(KEYS);
  const bounds = readBounds(metadata);
  const isBound = Object.values(bounds).some((bound) => bound !== undefined);
  const version = metadata.one('version', /^[1-9]\d{0,8}$/, '3');
  return {
    binding: isBound ? { ...bounds, howToChange: howToChange(at) } : undefined,
    dynamic: readDynamic(metadata),
    version: version === undefined ? undefined : Number(version),
  };
}

function readBounds(metadata: CustomMetadata): Omit<StoredBinding, 'howToChange'> {
  return {
    hosts: metadata.list('hosts', isHost, 'api.github.com, ghe.acme.internal:8443'),
    methods: metadata.list('methods', (part) => (CALL_METHODS as readonly string[]).includes(part), 'GET, POST'),
    pathPrefixes: metadata.list('paths', (part) => part.startsWith('/'), '/repos, /orgs/acme'),
    slots: metadata.list('slots', isSlot, 'header, basic, query, body') as SecretSlot[] | undefined,
    integrations: metadata.list('integrations', (part) => INTEGRATION.test(part), 'github-deploys, pager-duty'),
    mode: metadata.one('mode', /^(sealed|reveal)$/, 'sealed or reveal') as StoredBinding['mode'],
  };
}

function readDynamic(metadata: CustomMetadata): VaultTerms['dynamic'] {
  const path = metadata.one('dynamic', PATH, 'database/creds/readonly');
  const field = metadata.one('field', /^[A-Za-z0-9_]{1,100}$/, 'username');
  if (path === undefined && field !== undefined) metadata.misread('field', 'needs a "dynamic" beside it');
  if (path === undefined) return undefined;
  return { path, field: field ?? metadata.misread('dynamic', 'needs a "field" beside it, such as username') };
}

const isHost = (entry: string): boolean => WILDCARD_HOST.test(entry) || parseHost(entry) !== undefined;

const isSlot = (part: string): boolean => (SECRET_SLOTS as readonly string[]).includes(part);

// A path comes from whoever wrote the code, and this is for copying into a shell.
const howToChange = (at: string) => (field: string, value: string) =>
  `bao kv metadata patch -custom-metadata=${field}=${SHELL_SAFE.test(value) ? value : '...'} ${at}`;

const SHELL_SAFE = /^[A-Za-z0-9_.,:/*-]*$/;
