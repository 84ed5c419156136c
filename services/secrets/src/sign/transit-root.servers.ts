import { randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateSigningKey, Secret, Signer, signCertificate, Verifier } from '@fingerpost/platform';
import { findServer } from '@fingerpost/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSecretsCli } from '../secrets.cli.ts';
import { linesOfLog } from '../testing/lines-of-log.ts';
import { OpenBao } from '../testing/open-bao.ts';
import { openVault } from '../vault/open-vault.ts';
import type { VaultSession } from '../vault/vault-session.ts';
import { followRootKeys } from './follow-root-keys.ts';
import { waitForPublicKeys } from './open-root.ts';
import { deriveRevisionKey } from './root.ts';
import { TransitRoot } from './transit-root.ts';

const AT = { mount: 'transit', key: 'fingerpost-root' };
const program = findServer('bao');

(program === undefined ? describe.skip : describe)('the root in Transit', () => {
  let bao: OpenBao;
  let session: VaultSession;
  const { log } = linesOfLog();
  beforeAll(async () => {
    bao = await OpenBao.start(program!);
    session = openVault(await bao.settings(), log);
  }, 30_000);
  afterAll(async () => {
    await session?.close();
    await bao?.stop();
  });

  async function ticketBy(root: TransitRoot): Promise<string> {
    const { privateKey, publicKey } = await generateSigningKey();
    const expiresAt = Date.now() + 60_000;
    const certificate = await signCertificate((bytes) => root.sign(bytes), { role: 'gateway', publicKey, expiresAt });
    return new Signer(privateKey, certificate).sign('ticket', { jti: 'x' });
  }
  const rotate = () => bao.send('POST', 'transit/keys/fingerpost-root/rotate');

  it('certifies signers that verifiers with its public keys believe, and derives the same key each time', async () => {
    const root = new TransitRoot(session, AT);
    const verifier = new Verifier(await root.publicKeys());
    expect(await verifier.verify('ticket', await ticketBy(root))).toEqual({ jti: 'x' });
    expect(await deriveRevisionKey(root)).toEqual(await deriveRevisionKey(new TransitRoot(session, AT)));
  });

  it('is rotated without a gap: both versions count, and the old one signs until it is told otherwise', async () => {
    const before = new Verifier(await new TransitRoot(session, AT).publicKeys());
    await rotate();
    const keys = await new TransitRoot(session, AT).publicKeys();
    expect(keys).toHaveLength(2);
    const after = new Verifier(keys);
    const old = await ticketBy(new TransitRoot(session, { ...AT, version: 1 }));
    for (const verifier of [before, after]) expect(await verifier.verify('ticket', old)).toEqual({ jti: 'x' });
    const young = await ticketBy(new TransitRoot(session, AT));
    expect(await after.verify('ticket', young)).toEqual({ jti: 'x' });
    await expect(before.verify('ticket', young)).rejects.toMatchObject({ code: 'signature.invalid' });
  });

  it('stops counting where Vault was told to forget it, certificates that were believed before included', async () => {
    const root = new TransitRoot(session, { ...AT, version: 1 });
    const verifier = new Verifier(await root.publicKeys());
    const old = await ticketBy(root);
    expect(await verifier.verify('ticket', old)).toEqual({ jti: 'x' });
    await bao.send('POST', 'transit/keys/fingerpost-root/config', { min_decryption_version: 2 });
    verifier.setRootKeys(await root.publicKeys());
    await expect(verifier.verify('ticket', old)).rejects.toMatchObject({ code: 'signature.invalid' });
  });

  it('is followed by a verifier that goes on running', async () => {
    const root = new TransitRoot(session, AT);
    const known = await root.publicKeys();
    const verifier = new Verifier(known);
    const stop = followRootKeys(root, known, verifier, log, 20);
    await rotate();
    await sleep(300);
    stop();
    expect(await verifier.verify('ticket', await ticketBy(root))).toEqual({ jti: 'x' });
  });

  it.each([
    ['can be taken out of Vault', { type: 'ed25519', exportable: true }],
    ['can be taken out of Vault', { type: 'ed25519', allow_plaintext_backup: true }],
    ['is no Ed25519 key', { type: 'ecdsa-p256' }],
  ])('is refused when the key %s (%j)', async (why, options) => {
    const key = `odd-${randomUUID()}`;
    await bao.send('POST', `transit/keys/${key}`, options);
    await bao.send('POST', 'sys/policies/acl/odd', { policy: 'path "transit/keys/odd-*" { capabilities = ["read"] }' });
    const { auth } = await bao.send('POST', 'auth/token/create', { policies: ['odd'] });
    const token = (auth as { client_token: string }).client_token;
    const own = openVault(await bao.settings({ auth: { by: 'token', token: new Secret(token) } }), log);
    await expect(new TransitRoot(own, { mount: 'transit', key }).publicKeys()).rejects.toThrow(why);
    await own.close();
  });

  it('is waited for at a start, which says once what for', async () => {
    await bao.seal();
    const heard = linesOfLog();
    const waiting = waitForPublicKeys(new TransitRoot(session, AT), heard.log);
    await sleep(2_500);
    await bao.unseal();
    expect((await waiting).length).toBeGreaterThan(0);
    expect(heard.lines).toEqual([expect.stringMatching(/^warn .*Vault is sealed.*waiting for the root/s)]);
  });

  it('shows its public keys at the command line, as FINGERPOST_ROOT_KEY wants them', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const env = {
      VAULT_ADDR: bao.url,
      FINGERPOST_ROOT_TRANSIT_KEY: 'transit/fingerpost-root',
      FINGERPOST_VAULT_AUTH: 'approle',
      FINGERPOST_VAULT_ROLE_ID: await bao.roleId(),
      FINGERPOST_VAULT_SECRET_ID: await bao.secretId(),
    };
    const code = await runSecretsCli(['root-key'], env, { stdin: Readable.from([]), stdout, stderr });
    expect([code, String(stderr.read() ?? '')]).toEqual([0, '']);
    expect(JSON.parse(String(stdout.read()))).toEqual({ keys: await new TransitRoot(session, AT).publicKeys() });
  });
});
