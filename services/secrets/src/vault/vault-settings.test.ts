import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readVaultSettings } from './vault-settings.ts';

const HTTPS = { VAULT_ADDR: 'https://vault.acme.internal:8200', VAULT_TOKEN: 'hvs.hidden' };
const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  const problems: string[] = [];
  readVaultSettings(env, problems);
  return problems;
};

describe('settings of Vault', () => {
  it('are none without an address', () => {
    expect(readVaultSettings({ VAULT_TOKEN: '' }, [])).toBeUndefined();
  });

  it('miss the address where anything else is said of Vault', () => {
    expect(problemsOf({ FINGERPOST_VAULT_AUTH: 'token', VAULT_TOKEN_FILE: '/token' })).toEqual([
      'FINGERPOST_VAULT_AUTH: needs VAULT_ADDR',
      'VAULT_TOKEN_FILE: needs VAULT_ADDR',
    ]);
  });

  it('have defaults for all but the address and the login, and hide what is secret', () => {
    const settings = readVaultSettings(HTTPS, [])!;
    expect(settings).toMatchObject({ mount: 'secret', prefix: 'fingerpost', dynamicMounts: [], auth: { by: 'token' } });
    expect(settings.root).toBeUndefined();
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('hidden');
  });

  it('read the root’s key with its mount and version', () => {
    const env = { ...HTTPS, FINGERPOST_ROOT_TRANSIT_KEY: 'team/transit/root', FINGERPOST_ROOT_TRANSIT_VERSION: '2' };
    expect(readVaultSettings(env, [])!.root).toEqual({ mount: 'team/transit', key: 'root', version: 2 });
  });

  it('keep the name of the token’s file, whatever is in it now: an agent renews it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-vault-'));
    await writeFile(join(folder, 'token'), 'x');
    const { auth } = readVaultSettings({ VAULT_ADDR: HTTPS.VAULT_ADDR, VAULT_TOKEN_FILE: join(folder, 'token') }, [])!;
    expect(auth).toEqual({ by: 'token', token: { file: join(folder, 'token') } });
    await rm(folder, { recursive: true });
  });

  it.each([
    ['VAULT_ADDR', { VAULT_ADDR: 'vault:8200' }],
    ['VAULT_ADDR', { VAULT_ADDR: 'http://vault.acme.internal:8200' }],
    ['VAULT_ADDR', { VAULT_ADDR: 'https://user@vault.acme.internal' }],
    ['VAULT_TOKEN', { VAULT_TOKEN: '' }],
    ['VAULT_CACERT', { VAULT_CACERT: '/nowhere.pem' }],
    ['FINGERPOST_VAULT_MOUNT', { FINGERPOST_VAULT_MOUNT: '../sys' }],
    ['FINGERPOST_VAULT_PREFIX', { FINGERPOST_VAULT_PREFIX: 'a/../b' }],
    ['FINGERPOST_VAULT_PREFIX', { FINGERPOST_VAULT_PREFIX: 'a?list=true' }],
    ['FINGERPOST_VAULT_ROLE_ID', { FINGERPOST_VAULT_AUTH: 'approle', FINGERPOST_VAULT_SECRET_ID: 'x' }],
    ['FINGERPOST_VAULT_SECRET_ID', { FINGERPOST_VAULT_AUTH: 'approle', FINGERPOST_VAULT_ROLE_ID: 'x' }],
    ['FINGERPOST_ROOT_TRANSIT_KEY', { FINGERPOST_ROOT_TRANSIT_KEY: 'root' }],
    [
      'FINGERPOST_ROOT_TRANSIT_VERSION',
      { FINGERPOST_ROOT_TRANSIT_KEY: 'transit/root', FINGERPOST_ROOT_TRANSIT_VERSION: '0' },
    ],
  ])('refuse by the name of %s (%j)', (variable, env) => {
    expect(problemsOf({ ...HTTPS, ...env })).toEqual([expect.stringContaining(`${variable}`)]);
  });

  it('want a root in Transit to have a Vault', () => {
    expect(problemsOf({ FINGERPOST_ROOT_TRANSIT_KEY: 'transit/root' })).toEqual([
      'FINGERPOST_ROOT_TRANSIT_KEY: needs VAULT_ADDR',
    ]);
  });

  it('take plain http on loopback, where an agent or a developer listens', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      expect(problemsOf({ ...HTTPS, VAULT_ADDR: `http://${host}:8200` })).toEqual([]);
  });
});
