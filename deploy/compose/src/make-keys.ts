import { createHash, randomBytes } from 'node:crypto';
import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyFolder, makeIdentities } from '@fingerpost/nats';
import { type Certified, certify, isBy, isGood, makeAuthority } from './authority.ts';

/** The servers inside, each by its name on its networks. */
const ENGINES = ['nats', 'redis', 'postgres', 'openbao'];
const HERE = ['localhost', '127.0.0.1'];
const USERS_ACL = join(import.meta.dirname, '../../redis/users.acl');

/**
 * All that a deployment keeps secret, and what follows from it. What is there stays; certificates are made anew when they are due or
 * `hosts` has new names. Nobody but its owner gets into the folder; single files are lent to containers, whoever those run as.
 *
 *     offline/, nats/offline/   lent to nobody
 */
export async function makeKeys(path: string, hosts: readonly string[] = []): Promise<void> {
  const folder = new KeyFolder(path);
  await makeIdentities(join(path, 'nats'));
  await makeCertificates(folder, hosts);
  await makePostgresLogins(folder);
  await makeRedisLogin(folder);
  await makeVaultLogin(folder);
  await folder.keep('cache-key', () => randomBytes(32).toString('base64'));
  await folder.keep('token', random);
  await folder.keep('grafana/password', random);
  await lend(path);
}

async function makeCertificates(folder: KeyFolder, hosts: readonly string[]): Promise<void> {
  const authority = await readAuthority(folder);
  for (const engine of ENGINES) await keepCertificate(folder, engine, [engine, ...HERE], authority);
  await keepCertificate(folder, 'edge', [...hosts, ...HERE], authority);
}

async function readAuthority(folder: KeyFolder): Promise<Certified> {
  const made = await makeAuthority();
  const key = await folder.keep('offline/ca.key', () => made.key);
  return { key, cert: await folder.keep('ca.crt', () => made.cert) };
}

async function keepCertificate(folder: KeyFolder, server: string, names: string[], authority: Certified) {
  const known = await folder.read(`${server}/tls.crt`);
  if (known !== undefined && (!isBy(authority, known) || isGood(known, names))) return; // another authority's was put there by hand
  const { cert, key } = await certify(names, authority);
  await folder.write(`${server}/tls.crt`, cert);
  await folder.write(`${server}/tls.key`, key);
}

/** The server's own administrator, who migrates, and who serves: deploy/postgres/roles.sql. */
async function makePostgresLogins(folder: KeyFolder): Promise<void> {
  const admin = await folder.keep('postgres/password', random);
  const migrate = await folder.keep('postgres/migrate-password', random);
  const registry = await folder.keep('postgres/registry-password', random);
  const url = (user: string, password: string) => `postgres://${user}:${password}@postgres:5432/fingerpost`;
  await folder.write('postgres/migrate-url', url('fingerpost_migrate', migrate));
  await folder.write('postgres/registry-url', url('fingerpost_registry', registry));
  const login = (name: string, user: string, password: string, database: string) =>
    `[${name}]\nhost=postgres\ndbname=${database}\nuser=${user}\npassword=${password}\nsslmode=verify-full\nsslrootcert=/run/secrets/ca\n`;
  await folder.write(
    'postgres/services',
    login('admin', 'postgres', admin, 'postgres') + login('migrate', 'fingerpost_migrate', migrate, 'fingerpost'),
  );
}

async function makeRedisLogin(folder: KeyFolder): Promise<void> {
  const password = await folder.keep('redis/password', random);
  const acl = await readFile(USERS_ACL, 'utf8');
  const hash = createHash('sha256').update(password).digest('hex');
  await folder.write('redis/users.acl', acl.replaceAll('GATEWAY_PASSWORD_SHA256', hash));
}

/** What unseals OpenBao, its administrator's password, and how the secrets service logs in: openbao.hcl. */
async function makeVaultLogin(folder: KeyFolder): Promise<void> {
  await folder.keep('openbao/unseal-key', () => randomBytes(32).toString('hex'));
  for (const name of ['admin-password', 'role-id', 'secret-id']) await folder.keep(`openbao/${name}`, random);
}

async function lend(path: string): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !entry.parentPath.endsWith('/offline'))
      await chmod(join(entry.parentPath, entry.name), 0o644);
  await chmod(join(path, 'edge'), 0o755); // a folder that is lent: certificates of your own take the place of these while the door is open
}

const random = () => randomBytes(24).toString('base64url');
