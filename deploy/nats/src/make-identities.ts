import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUS_ROLES, type BusRole, busPermissions } from '@fingerpost/contracts';
import {
  createAccount,
  createOperator,
  createUser,
  decode,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  fromSeed,
  type KeyPair,
  newScopedSigner,
  type Operator,
} from '@nats-io/jwt';
import { KeyFolder } from './key-folder.ts';

/** Roles that are known by a file. A runner makes a key of its own and is admitted by the secrets service. */
const NAMED = BUS_ROLES.filter((role) => role !== 'runner');
type Named = Exclude<BusRole, 'runner'>;

const NO_LIMIT = { subs: -1, data: -1, payload: -1 };
const NOTHING = { pub: { deny: ['>'] }, sub: { deny: ['>'] } };

interface Keys {
  operator: KeyPair;
  /** NATS's own account, for its own events; nobody is in it */
  system: KeyPair;
  account: KeyPair;
  /** sign runners, whose permissions stand in what they sign */
  runners: InTurn;
  /** for each role: what they sign has that role's permissions, as the account lists them */
  roles: Record<Named, InTurn>;
}

/** The key that signs, and perhaps the one before, which is still believed: so that nobody is out in the cold while one is replaced. */
type InTurn = readonly [now: KeyPair, ...before: KeyPair[]];

/**
 * All that tells NATS who is who. Keys and credentials that are there stay; the server's part is written anew, with the permissions of
 * this release: a role's permissions are the account's word, so that credentials outlive them.
 *
 *     offline/   the keys of operator, account and roles: needed here only; `<role>.old.nk` counts beside `<role>.nk` until it is removed
 *     creds/     for the services
 *     server/    for the NATS servers: nothing secret
 */
export async function makeIdentities(path: string): Promise<void> {
  const folder = new KeyFolder(path);
  const keys = await readKeys(folder);
  await folder.write('server/identities.conf', await serverPart(keys, await readOperator(folder, keys)));
  await folder.keep('server/nats-server.conf', () =>
    readFile(join(import.meta.dirname, '../nats-server.conf'), 'utf8'),
  );
  for (const role of NAMED) await folder.keep(`creds/${role}.creds`, () => credsOf(role, keys));
  await folder.write('creds/runner-key.json', runnerKey(keys));
}

async function readKeys(folder: KeyFolder): Promise<Keys> {
  const keyOf = (seed: string) => fromSeed(Buffer.from(seed.trim()));
  const key = async (name: string, make: () => KeyPair) =>
    keyOf(await folder.keep(`offline/${name}.nk`, () => `${seedOf(make())}\n`));
  const inTurn = async (name: string): Promise<InTurn> => {
    const before = await folder.read(`offline/${name}.old.nk`);
    const now = await key(name, createAccount);
    return before === undefined ? [now] : [now, keyOf(before)];
  };
  const roles = await Promise.all(NAMED.map(async (role) => [role, await inTurn(role)] as const));
  return {
    operator: await key('operator', createOperator),
    system: await key('system', createAccount),
    account: await key('account', createAccount),
    runners: await inTurn('runners'),
    roles: Object.fromEntries(roles) as Keys['roles'],
  };
}

/**
 * What says who the operator is stays as it is: a server that runs takes other permissions (SIGHUP), and no other operator.
 * @returns nothing where there is none yet, or the key is another one by now
 */
async function readOperator(folder: KeyFolder, { operator, system }: Keys): Promise<string | undefined> {
  const [, known] = /^operator: (\S+)$/m.exec((await folder.read('server/identities.conf')) ?? '') ?? [];
  if (known === undefined) return undefined;
  const { iss, nats } = decode<Operator>(known);
  return iss === operator.getPublicKey() && nats.system_account === system.getPublicKey() ? known : undefined;
}

async function serverPart(
  { operator, system, account, runners, roles }: Keys,
  knownOperator: string | undefined,
): Promise<string> {
  const accountJwt = await encodeAccount(
    'fingerpost',
    account,
    {
      limits: { ...NO_LIMIT, conn: -1, leaf: 0, imports: 0, exports: 0, disk_storage: -1, streams: 16, consumer: 64 },
      default_permissions: NOTHING,
      signing_keys: [
        ...runners.map((key) => key.getPublicKey()),
        ...NAMED.flatMap((role) => roles[role].map((key) => newScopedSigner(key, role, scopeOf(role)))),
      ],
    },
    { signer: operator },
  );
  const systemJwt = await encodeAccount('system', system, { default_permissions: NOTHING }, { signer: operator });
  const operatorJwt =
    knownOperator ?? (await encodeOperator('fingerpost', operator, { system_account: system.getPublicKey() }));
  return `# Made by "npm run nats:identities". Nothing here is secret.
operator: ${operatorJwt}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload {
  ${account.getPublicKey()}: ${accountJwt}
  ${system.getPublicKey()}: ${systemJwt}
}
`;
}

function scopeOf(role: Named) {
  const { publish, subscribe } = busPermissions(role);
  return {
    ...NO_LIMIT,
    pub: { allow: publish },
    sub: { allow: subscribe },
    allowed_connection_types: ['STANDARD' as const],
  };
}

async function credsOf(role: Named, { account, roles }: Keys): Promise<string> {
  const user = createUser();
  const jwt = await encodeUser(role, user, account, {}, { signer: roles[role][0], scopedUser: true });
  return Buffer.from(fmtCreds(jwt, user)).toString();
}

const runnerKey = ({ account, runners }: Keys) =>
  `${JSON.stringify({ account: account.getPublicKey(), seed: seedOf(runners[0]) })}\n`;

const seedOf = (key: KeyPair): string => Buffer.from(key.getSeed()).toString();
