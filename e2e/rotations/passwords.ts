/** What docs/operations/keys.md says of passwords by which nobody serves: who changes the schema, who administers. */
import { type Cluster, migrate, REPOSITORY } from '@fingerpost/local';
import { wantPassword } from './engines.ts';

const [OLD, NEW] = ['the old one', 'the new one'];

/** Who migrates, or administers, says another password from now on. */
export async function newPasswordAtPostgres(cluster: Cluster, role: 'fingerpost_migrate' | 'postgres'): Promise<void> {
  const { postgres } = cluster.engines;
  postgres.run(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${OLD}'`);
  await wantPassword(postgres, role);
  const migratesBy = (password: string) => {
    const url = new URL(postgres.urlFor(role));
    url.password = password;
    return isDone(migrate(REPOSITORY, url.href));
  };
  expect(await migratesBy(OLD)).toBe(true);
  postgres.run(`ALTER ROLE ${role} PASSWORD '${NEW}'`);
  expect([await migratesBy(OLD), await migratesBy(NEW)]).toEqual([false, true]);
}

/** The one of deploy/compose/openbao.hcl. What a thief has opened with the old one ends, too. */
export async function newAdministratorOfVault({ engines: { vault } }: Cluster): Promise<void> {
  await vault.send('POST', 'sys/auth/userpass', { type: 'userpass' });
  await vault.send('POST', 'auth/userpass/users/admin', { password: OLD, token_policies: ['default'] });
  const enter = async (password: string) => {
    const init = { method: 'POST', body: JSON.stringify({ password }) };
    const response = await fetch(`${vault.url}/v1/auth/userpass/login/admin`, init);
    return ((await response.json()) as { auth?: { client_token: string } }).auth?.client_token;
  };
  const isKnown = async (token: string) =>
    (await fetch(`${vault.url}/v1/auth/token/lookup-self`, { headers: { 'x-vault-token': token } })).ok;
  const before = (await enter(OLD))!;
  expect(await isKnown(before)).toBe(true);
  await vault.send('POST', 'auth/userpass/users/admin/password', { password: NEW });
  await vault.send('PUT', 'sys/leases/revoke-prefix/auth/userpass/login/admin');
  expect([await enter(OLD), await isKnown(before)]).toEqual([undefined, false]);
  expect(await enter(NEW)).toBeDefined();
}

const isDone = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );
