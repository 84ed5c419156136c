import { findServer } from '@fingerpost/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenBao } from '../testing/open-bao.ts';

const program = findServer('bao');

/** Exactly the files of deploy/vault, on a token without the default policy. */
(program === undefined ? describe.skip : describe)('the policies of deploy/vault', () => {
  let bao: OpenBao;
  let token: string;
  let foreignLease: string;
  beforeAll(async () => {
    bao = await OpenBao.start(program!);
    await bao.put('KEY', 'v');
    await bao.send('POST', 'transit/keys/another', { type: 'ed25519' });
    const { auth } = await bao.send('POST', 'auth/approle/login', {
      role_id: await bao.roleId(),
      secret_id: await bao.secretId(),
    });
    token = (auth as { client_token: string }).client_token;
    foreignLease = 'database/creds/admin/abcdefgh';
  }, 30_000);
  afterAll(() => bao?.stop());

  const attempt = (method: string, path: string, body?: object) =>
    bao.send(method, path, body, token).then(
      () => 'allowed',
      (error: Error) => (error.message.startsWith('403') ? 'denied' : error.message),
    );

  it.each<[string, string, object?]>([
    ['GET', 'secret/data/fingerpost/KEY'],
    ['GET', 'secret/metadata/fingerpost/KEY'],
    ['LIST', 'secret/metadata/fingerpost'],
    ['LIST', 'secret/detailed-metadata/fingerpost'],
    ['POST', 'transit/sign/fingerpost-root', { input: 'aGk=' }],
    ['GET', 'transit/keys/fingerpost-root'],
    ['GET', 'auth/token/lookup-self'],
    ['POST', 'auth/token/renew-self', {}],
  ])('allow %s %s', async (method, path, ...body) => {
    expect(await attempt(method, path, ...body)).toBe('allowed');
  });

  it.each<[string, string, object?]>([
    // writing, and what would outlive it
    ['POST', 'secret/data/fingerpost/KEY', { data: { value: 'mine' } }],
    ['POST', 'secret/metadata/fingerpost/KEY', { custom_metadata: { hosts: 'evil.example' } }],
    ['DELETE', 'secret/data/fingerpost/KEY'],
    ['DELETE', 'secret/metadata/fingerpost/KEY'],
    ['POST', 'secret/destroy/fingerpost/KEY', { versions: [1] }],
    // what belongs to others
    ['GET', 'secret/data/elsewhere/FIRST'],
    ['GET', 'secret/metadata/elsewhere/FIRST'],
    ['LIST', 'secret/metadata/'],
    ['LIST', 'secret/metadata/elsewhere'],
    ['GET', 'secret/data/fingerpost-of-others/KEY'],
    // the root, otherwise than to sign with it
    ['GET', 'transit/export/signing-key/fingerpost-root'],
    ['GET', 'transit/backup/fingerpost-root'],
    ['POST', 'transit/keys/fingerpost-root/rotate'],
    ['POST', 'transit/keys/fingerpost-root/config', { exportable: true, allow_plaintext_backup: true }],
    ['DELETE', 'transit/keys/fingerpost-root'],
    ['POST', 'transit/sign/another', { input: 'aGk=' }],
    ['GET', 'transit/keys/another'],
    ['LIST', 'transit/keys'],
    // more rights
    ['POST', 'auth/token/create', {}],
    ['POST', 'auth/approle/role/fingerpost-secrets/secret-id', {}],
    ['GET', 'auth/approle/role/fingerpost-secrets/role-id'],
    ['GET', 'sys/policies/acl/fingerpost-secrets'],
    ['POST', 'sys/policies/acl/fingerpost-secrets', { policy: 'path "*" { capabilities = ["read"] }' }],
    ['GET', 'sys/mounts'],
    ['PUT', 'sys/seal'],
    // leases of others
    ['GET', 'database/creds/admin'],
    ['LIST', 'sys/leases/lookup/database/creds/readonly'],
    ['PUT', 'sys/leases/revoke-prefix/database/creds/readonly', {}],
    ['GET', 'cubbyhole/x'],
  ])('deny %s %s', async (method, path, ...body) => {
    expect(await attempt(method, path, ...body)).toBe('denied');
  });

  it('let leases of its own path be taken back, and no others', async () => {
    const revoke = (lease_id: string) => attempt('PUT', 'sys/leases/revoke', { lease_id, sync: true });
    expect(await revoke(foreignLease)).toBe('denied');
    expect(await revoke('auth/token/create/abcdefgh')).toBe('denied');
    expect(await revoke('database/creds/readonly/abcdefgh')).not.toBe('denied');
  });
});
