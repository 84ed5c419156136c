import { CALL_METHODS, Fault, SECRET_SLOTS, type SecretSlot, WILDCARD_HOST } from '@fingerpost/contracts';
import { parseHost } from '../bounds/host.ts';
import type { StoredBinding } from '../store/stored-binding.ts';

/** What `custom_metadata` of a secret says about it. */
export interface VaultTerms {
  binding?: StoredBinding;
  /** made for each run: `database/creds/readonly`, and which field of what is made */
  dynamic?: { path: string; field: string };
  /** the one that counts, for everybody; without it the newest */
  version?: number;
}

const BOUNDS = ['hosts', 'methods', 'paths', 'slots', 'integrations', 'mode'];
const KEYS = [...BOUNDS, 'version', 'dynamic', 'field'];
const INTEGRATION = /^[a-z0-9][a-z0-9._-]{0,99}$/i;
const PATH = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_.-]+)+$/;

/**
 * Other keys may stand there for other purposes, but none that looks like one of ours: a bound that is misspelt bounds nothing.
 * @throws Fault `secret.misplaced` that says which key is not understood
 */
export function readTerms(name: string, at: string, metadata: Readonly<Record<string, unknown>>): VaultTerms {
  const misread = (key: string, why: string): never => {
    throw new Fault(
      'secret.misplaced',
      `The secret ${name} is not used: "${key}" in its custom metadata at ${at} ${why}.`,
      { detail: { secret: name } },
    );
  };
  for (const key of Object.keys(metadata)) {
    const meant = KEYS.find((known) => known !== key && plain(known) === plain(key));
    if (meant !== undefined) misread(key, `must be spelt "${meant}"`);
  }
  const text = (key: string): string | undefined =>
    Object.hasOwn(metadata, key) ? String(metadata[key]).trim() : undefined;
  const parts = (key: string, isGood: (part: string) => boolean, like: string): string[] | undefined => {
    const list = text(key)
      ?.split(',')
      .map((part) => part.trim());
    return list === undefined || list.every(isGood) ? list : misread(key, `must be like ${like}`);
  };
  const one = (key: string, isGood: RegExp, like: string): string | undefined => {
    const value = text(key);
    return value === undefined || isGood.test(value) ? value : misread(key, `must be like ${like}`);
  };

  const bounds = {
    hosts: parts('hosts', isHost, 'api.github.com, ghe.acme.internal:8443'),
    methods: parts('methods', (part) => (CALL_METHODS as readonly string[]).includes(part), 'GET, POST'),
    pathPrefixes: parts('paths', (part) => part.startsWith('/'), '/repos, /orgs/acme'),
    slots: parts('slots', (part) => (SECRET_SLOTS as readonly string[]).includes(part), 'header, basic, query, body'),
    integrations: parts('integrations', (part) => INTEGRATION.test(part), 'github-deploys, pager-duty'),
    mode: one('mode', /^(sealed|reveal)$/, 'sealed or reveal'),
  };
  const version = one('version', /^[1-9]\d{0,8}$/, '3');
  const path = one('dynamic', PATH, 'database/creds/readonly');
  const field = one('field', /^[A-Za-z0-9_]{1,100}$/, 'username');
  if (path !== undefined && field === undefined) misread('dynamic', 'needs a "field" beside it, such as username');
  if (path === undefined && field !== undefined) misread('field', 'needs a "dynamic" beside it');
  return {
    ...(Object.values(bounds).some((bound) => bound !== undefined) && {
      binding: { ...stated(bounds), howToChange: howToChange(at) },
    }),
    ...(path !== undefined && { dynamic: { path, field: field! } }),
    ...(version !== undefined && { version: Number(version) }),
  };
}

const isHost = (entry: string): boolean => WILDCARD_HOST.test(entry) || parseHost(entry) !== undefined;

/** `Host`, `hosts` and `host_s` are one. */
const plain = (key: string): string => key.toLowerCase().replaceAll(/[^a-z]|s$/g, '');

function stated(bounds: Record<string, string[] | string | undefined>): Omit<StoredBinding, 'howToChange'> {
  const entries = Object.entries(bounds).filter(([, bound]) => bound !== undefined);
  return Object.fromEntries(entries) as { slots?: SecretSlot[] };
}

// A path comes from whoever wrote the code, and this is for copying into a shell.
const howToChange = (at: string) => (field: string, value: string) =>
  `bao kv metadata patch -custom-metadata=${field}=${SHELL_SAFE.test(value) ? value : '...'} ${at}`;

const SHELL_SAFE = /^[A-Za-z0-9_.,:/*-]*$/;
