import type { Mint } from '@fingerpost/contracts';
import { describe, type Faults, isRecord } from './faults.ts';

const EXAMPLES: Record<Mint['from'], string> = {
  'github-app': '{ from: "github-app", permissions: { deployments: "read" } }',
  'google-service-account':
    '{ from: "google-service-account", scopes: ["https://www.googleapis.com/auth/monitoring.read"] }',
};
const KINDS = Object.keys(EXAMPLES) as Mint['from'][];

const PERMISSION = /^[a-z_]{1,60}$/;
const REPOSITORY = /^[A-Za-z0-9._-]{1,100}$/;
const SCOPE = /^https:\/\/www\.googleapis\.com\/auth\/[a-z0-9._-]{1,100}$/;

/** `mint: { from, ... }`: whose token, and for what. What it is for must be said: a token without bounds is as good as the key. */
export function checkMint(value: unknown, path: string, faults: Faults): Mint | undefined {
  if (!isRecord(value)) return faults.say(path, `must be like ${EXAMPLES['github-app']}, got ${describe(value)}`);
  const from = faults.oneOf(value.from, `${path}.from`, KINDS);
  if (from === 'github-app') {
    faults.unknownFields(value, path, ['from', 'permissions', 'repositories']);
    return {
      from,
      permissions: checkPermissions(value.permissions, `${path}.permissions`, faults) ?? {},
      ...(value.repositories !== undefined && {
        repositories: someOf(value.repositories, `${path}.repositories`, REPOSITORY, '"webshop"', faults),
      }),
    };
  }
  if (from === undefined) return undefined;
  faults.unknownFields(value, path, ['from', 'scopes']);
  const example = '"https://www.googleapis.com/auth/monitoring.read"';
  return { from, scopes: someOf(value.scopes, `${path}.scopes`, SCOPE, example, faults) ?? [] };
}

function checkPermissions(value: unknown, path: string, faults: Faults) {
  if (!isRecord(value) || Object.keys(value).length === 0)
    return faults.say(
      path,
      `must say what the token is for, as in ${EXAMPLES['github-app']}; without it the token could do all that the app may`,
    );
  for (const [name, level] of Object.entries(value)) {
    if (!PERMISSION.test(name))
      faults.say(`${path}.${name}`, 'is no permission of a GitHub App, such as "deployments"');
    faults.oneOf(level, `${path}.${name}`, ['read', 'write']);
  }
  return value as Record<string, 'read' | 'write'>;
}

function someOf(value: unknown, path: string, fits: RegExp, example: string, faults: Faults): string[] | undefined {
  if (Array.isArray(value) && value.length > 0) return faults.texts(value, path, fits, example);
  return faults.say(path, `must be a list such as [${example}], got ${describe(value)}`);
}
