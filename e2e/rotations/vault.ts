/** What docs/operations/keys.md says of OpenBao: the secrets service's login, the root of all signatures, its administrator. */
import { writeFile } from 'node:fs/promises';
import type { Cluster } from '@fingerpost/local';
import { withSettings } from './with-settings.ts';

const ROLE = 'auth/approle/role/fingerpost-secrets';
const ROOT = 'transit/keys/fingerpost-root';
const [OLD, NEW] = ['the old one', 'the new one'];

export async function newSecretId(cluster: Cluster): Promise<void> {
  const { vault } = cluster.engines;
  const accessors = async () => ((await vault.send('LIST', `${ROLE}/secret-id`)).data as { keys: string[] }).keys;
  const before = await accessors();
  const { secretId } = await vault.login();
  await cluster.restart(cluster.named('secrets'), withSettings({ FINGERPOST_VAULT_SECRET_ID: secretId }));
  for (const secret_id_accessor of before)
    await vault.send('POST', `${ROLE}/secret-id-accessor/destroy`, { secret_id_accessor });
}

/** The five steps of deploy/vault/README.md; a day is not waited for, everybody is restarted in its place. */
export async function newRoot(cluster: Cluster): Promise<void> {
  const { vault } = cluster.engines;
  const secrets = cluster.named('secrets');
  const others = [...cluster.services.values()].filter((child) => !secrets.includes(child));
  const tellOthers = async () => {
    await writeFile(cluster.addresses.rootKeyFile, JSON.stringify(await vault.rootKeys()));
    await cluster.restart(others);
  };
  await cluster.restart(secrets, withSettings({ FINGERPOST_ROOT_TRANSIT_VERSION: '1' }));
  await vault.send('POST', `${ROOT}/rotate`);
  await tellOthers();
  await cluster.restart(secrets, withSettings({ FINGERPOST_ROOT_TRANSIT_VERSION: undefined }));
  await cluster.restart(others); // who was certified by the old version is certified by the new one
  await vault.send('POST', `${ROOT}/config`, { min_decryption_version: 2 });
  await tellOthers();
}

/** The one of deploy/compose/openbao.hcl. What a thief has opened with the old one ends, too. */
export async function newPasswordOfAdministrator({ engines: { vault } }: Cluster): Promise<void> {
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
