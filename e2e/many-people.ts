/** A company that has used the product for a while: what the embedded gateway keeps of 120 people, with a session and a token each. */
import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const HOW_MANY = 120;
const FIRST = ['Anna', 'Bruno', 'Chiara', 'Dilek', 'Emil', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jana'];
const LAST = [
  'Adler',
  'Brandt',
  'Costa',
  'Demir',
  'Eriksen',
  'Fischer',
  'Gruber',
  'Horvat',
  'Ito',
  'Jansen',
  'Keller',
  'Lopez',
];
const DEVICES = ['Firefox on Linux', 'Chrome on macOS', 'Edge on Windows', 'fingerpost (command line)'];
const TOKENS = ['deploy script', 'nightly report', 'chat bot', 'status page'];
const ISSUER = 'https://id.acme.example';
const HOUR = 3_600_000;

/** Where they sign in; the development provider is there for whoever looks at them. */
export const theirProvider = {
  FINGERPOST_OIDC: 'company',
  FINGERPOST_OIDC_COMPANY_ISSUER: ISSUER,
  FINGERPOST_OIDC_COMPANY_CLIENT_ID: 'fingerpost',
  FINGERPOST_OIDC_COMPANY_AUTHORS: 'engineers',
  FINGERPOST_OIDC_COMPANY_ADMINS: 'platform',
  FINGERPOST_DEVELOPMENT_PROVIDER: 'true',
};

export async function manyPeople(dataFolder: string): Promise<void> {
  const entries = Array.from({ length: HOW_MANY }, (_, n) => keptOf(n, Date.now())).flat();
  await mkdir(dataFolder, { recursive: true });
  await writeFile(join(dataFolder, 'identity.json'), JSON.stringify(entries), { mode: 0o600 });
}

function keptOf(n: number, now: number) {
  const [first, last] = [FIRST[n % FIRST.length]!, LAST[Math.floor(n / FIRST.length)]!];
  const subject = `person:${idOf(`person ${n}`).slice(0, 27)}`;
  const ago = (ms: number) => new Date(now - ms).toISOString();
  const person = {
    ...{ provider: 'company', issuer: ISSUER, sub: `${n}`, isEmailVerified: true },
    ...{ name: `${first} ${last}`, email: `${first}.${last}@example.com`.toLowerCase() },
    groups: n % 7 === 0 ? ['platform', 'engineers'] : ['engineers'],
    signedInAt: ago((n % 90) * 24 * HOUR),
  };
  const lastUsedAt = now - (n % 600) * 60_000;
  const session = {
    ...{ subject, device: DEVICES[n % DEVICES.length], lastUsedAt },
    ...{ createdAt: lastUsedAt - 5 * HOUR, endsAt: now + 48 * HOUR },
  };
  const token = {
    ...{ name: TOKENS[n % TOKENS.length], roles: ['viewer'], owner: subject },
    ...{ createdAt: ago(n * 6 * HOUR), expiresAt: new Date(now + (365 - n) * 24 * HOUR).toISOString() },
  };
  return [
    kept('person', subject, { record: person }),
    kept('session', idOf(`session ${n}`), { record: session, owner: subject, until: now + 12 * HOUR }),
    kept('token', idOf(`token ${n}`), { record: token, owner: subject, until: Date.parse(token.expiresAt) }),
  ];
}

const kept = (shelf: string, id: string, what: object) => [JSON.stringify([shelf, id]), what];

const idOf = (text: string): string => hash('sha256', text, 'base64url');
