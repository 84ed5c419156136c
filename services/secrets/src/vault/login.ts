import { readFile } from 'node:fs/promises';
import { Fault } from '@fingerpost/contracts';
import { type Log, Secret } from '@fingerpost/platform';
import { unavailable, type VaultClient, type VaultReply } from './vault-client.ts';
import type { VaultAuth } from './vault-settings.ts';

export interface VaultToken {
  value: Secret;
  /** how long it lives unless renewed; 0: for ever */
  leaseMs: number;
  isRenewable: boolean;
  /** we asked for it, so it is ours to take back */
  isOurs: boolean;
}

/** Gets a token, a new one where that can be had. @throws Fault `secret.unavailable` */
export type Login = () => Promise<VaultToken>;

const LOGIN_MS = 5_000;

export function loginBy(auth: VaultAuth, client: VaultClient, log: Log): Login {
  switch (auth.by) {
    case 'token':
      return byToken(client, auth.token);
    case 'approle':
      return byAppRole(client, auth, log);
    case 'kubernetes':
      return byJwt(client, auth);
  }
}

function byToken(client: VaultClient, token: Secret | { file: string }): Login {
  return async () => {
    const value = token instanceof Secret ? token : await readSecretFile(token.file, 'VAULT_TOKEN_FILE');
    const { status, data } = await client.send('GET', 'auth/token/lookup-self', { token: value });
    if (status !== 200) throw refused('token', status, 'bring another one by VAULT_TOKEN_FILE, or restart with it');
    return { value, leaseMs: Number(data.ttl) * 1_000, isRenewable: data.renewable === true, isOurs: false };
  };
}

function byAppRole(
  client: VaultClient,
  { mount, roleId, secretId: given, isWrapped }: Extract<VaultAuth, { by: 'approle' }>,
  log: Log,
): Login {
  let secretId: Secret | undefined = isWrapped ? undefined : given;
  return async () => {
    secretId ??= await unwrap(client, given, mount, log);
    const body = { role_id: roleId, secret_id: secretId.reveal() };
    const reply = await client.send('POST', `auth/${mount}/login`, { body, timeoutMs: LOGIN_MS });
    return tokenOf(reply, `AppRole at auth/${mount}`, 'look at the role’s id, the secret id and its uses left');
  };
}

function byJwt(client: VaultClient, { mount, role, jwtFile }: Extract<VaultAuth, { by: 'kubernetes' }>): Login {
  return async () => {
    const jwt = await readSecretFile(jwtFile, 'FINGERPOST_VAULT_JWT'); // anew each time: the cluster replaces it
    const reply = await client.send('POST', `auth/${mount}/login`, {
      body: { role, jwt: jwt.reveal() },
      timeoutMs: LOGIN_MS,
    });
    return tokenOf(reply, `service account at auth/${mount}`, `look at the role "${role}" and what it is bound to`);
  };
}

/**
 * The wrapping token is good for one use. When it has been used and not by us, somebody else has the secret id.
 * What it holds is looked at first: a token that was put in place of ours would hand us somebody else's secret id.
 */
async function unwrap(client: VaultClient, wrapping: Secret, mount: string, log: Log): Promise<Secret> {
  const looked = await client.send('POST', 'sys/wrapping/lookup', { body: { token: wrapping.reveal() } });
  const from = String(looked.data.creation_path ?? '');
  if (looked.status === 200 && !new RegExp(`^auth/${mount}/role/[^/]+/secret-id$`).test(from))
    throw alarm(log, `was made by ${from.slice(0, 200)} and not for a secret id of auth/${mount}`);
  const { status, data } = await client.send('POST', 'sys/wrapping/unwrap', { token: wrapping });
  if (status === 200 && typeof data.secret_id === 'string') return new Secret(data.secret_id);
  throw alarm(log, 'was used before, or has run out');
}

function alarm(log: Log, what: string): Fault {
  log.error(
    `FINGERPOST_VAULT_WRAPPED_SECRET_ID ${what}. If this service did not start with it before, SOMEBODY ELSE HAS UNWRAPPED IT: destroy that secret id (auth/approle/role/<role>/secret-id-accessor/destroy), look for them in Vault’s audit log, and bring a new one.`,
  );
  return unavailable('gave no secret id: the wrapped one was not good; see the log of the secrets service');
}

function tokenOf({ status, auth }: VaultReply, by: string, hint: string): VaultToken {
  if (status !== 200 || typeof auth.client_token !== 'string') throw refused(by, status, hint);
  return {
    value: new Secret(auth.client_token),
    leaseMs: Number(auth.lease_duration ?? 0) * 1_000,
    isRenewable: auth.renewable === true,
    isOurs: true,
  };
}

const refused = (by: string, status: number, hint: string): Fault =>
  unavailable(`does not let the secrets service in by ${by} (${status}); ${hint}`);

async function readSecretFile(path: string, setting: string): Promise<Secret> {
  try {
    return new Secret((await readFile(path, 'utf8')).trim());
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Fault('secret.unavailable', `${setting}: cannot read the file for the login at Vault (${code}).`, {
      cause,
    });
  }
}
