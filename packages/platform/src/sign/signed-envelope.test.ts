import { generateKeyPairSync } from 'node:crypto';
import { CompactSign, exportJWK, generateKeyPair, type JWK, UnsecuredJWT } from 'jose';
import { generateSigningKey, Signer, type SigningKey, signCertificate, Verifier } from './signed-envelope.ts';

const LATER = () => Date.now() + 3_600_000;

interface Party {
  key: SigningKey;
  certificate: string;
  signer: Signer;
}

describe('a signed envelope', () => {
  let root: SigningKey;
  let gateway: Party;
  let registry: Party;
  let verifier: Verifier;

  const certified = async (role: 'gateway' | 'registry', by: SigningKey, expiresAt = LATER()): Promise<Party> => {
    const key = await generateSigningKey();
    const certificate = await signCertificate(by.privateKey, { role, publicKey: key.publicKey, expiresAt });
    return { key, certificate, signer: new Signer(key.privateKey, certificate) };
  };

  /** whatever a forger may put together */
  const forged = (key: SigningKey, header: Record<string, unknown>, payload: unknown = { jti: 'x' }) =>
    new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'EdDSA', ...header })
      .sign(key.privateKey);

  const refuses = (envelope: string, type: 'ticket' | 'grant' | 'grant-list' = 'ticket', code = 'signature.invalid') =>
    expect(verifier.verify(type, envelope)).rejects.toMatchObject({ name: 'Fault', code });

  beforeAll(async () => {
    root = await generateSigningKey();
    gateway = await certified('gateway', root);
    registry = await certified('registry', root);
  });

  beforeEach(() => {
    verifier = new Verifier([root.publicKey]);
  });

  it('brings its payload', async () => {
    const ticket = { jti: '1', name: 'ünïcode', nested: { list: [1, null] } };
    expect(await verifier.verify('ticket', await gateway.signer.sign('ticket', ticket))).toEqual(ticket);
    for (const type of ['grant', 'grant-list'] as const)
      expect(await verifier.verify(type, await registry.signer.sign(type, { digest: 'd' }))).toEqual({ digest: 'd' });
  });

  it('is believed under any root that the settings name', async () => {
    const next = await generateSigningKey();
    const envelope = await (await certified('gateway', next)).signer.sign('ticket', {});
    await refuses(envelope);
    expect(await new Verifier([root.publicKey, next.publicKey]).verify('ticket', envelope)).toEqual({});
    await expect(new Verifier([]).verify('ticket', envelope)).rejects.toMatchObject({ code: 'signature.invalid' });
  });

  it('is refused when its signer was certified by a foreign root', async () => {
    const foreign = await certified('gateway', await generateSigningKey());
    await refuses(await foreign.signer.sign('ticket', {}));
  });

  it('is refused when signed by another key than the certified one', async () => {
    const thief = await generateSigningKey();
    await refuses(await forged(thief, { typ: 'ticket', cert: gateway.certificate }));
    await refuses(await forged(thief, { typ: 'ticket', cert: gateway.certificate, jwk: thief.publicKey, kid: 'root' }));
  });

  it('is refused when its payload, header or signature was changed', async () => {
    const envelope = await gateway.signer.sign('ticket', { digest: 'a' });
    const [header, , signature] = envelope.split('.');
    const payload = Buffer.from('{"digest":"b"}').toString('base64url');
    await refuses(`${header}.${payload}.${signature}`);
    const grantHeader = Buffer.from(
      JSON.stringify({ alg: 'EdDSA', typ: 'grant', cert: registry.certificate }),
    ).toString('base64url');
    await refuses(`${grantHeader}.${envelope.split('.')[1]}.${signature}`, 'grant');
    const first = signature!.startsWith('A') ? 'B' : 'A';
    await refuses(`${header}.${envelope.split('.')[1]}.${first}${signature!.slice(1)}`);
  });

  it('is refused unsigned', async () => {
    const payload = Buffer.from('{}').toString('base64url');
    const none = (header: object) => `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
    await refuses(none({ alg: 'none', typ: 'ticket', cert: gateway.certificate }));
    await refuses(none({ alg: 'EdDSA', typ: 'ticket', cert: gateway.certificate }));
    await refuses(new UnsecuredJWT({}).encode());
    await refuses(none({ alg: 'EdDSA', typ: 'ticket', cert: none({ alg: 'none', typ: 'certificate' }) }));
  });

  it('is refused with any other algorithm', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(gateway.key.publicKey));
    const hmac = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'HS256', typ: 'ticket', cert: gateway.certificate })
      .sign(secret);
    await refuses(hmac);
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const publicJwk = (await exportJWK(publicKey)) as JWK;
    const certificate = await signCertificate(root.privateKey, {
      role: 'gateway',
      publicKey: publicJwk,
      expiresAt: LATER(),
    });
    const es256 = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'ES256', typ: 'ticket', cert: certificate })
      .sign(privateKey);
    await expect(verifier.verify('ticket', es256)).rejects.toThrow();
  });

  it('never passes for another type', async () => {
    const ticket = await gateway.signer.sign('ticket', {});
    const grant = await registry.signer.sign('grant', {});
    const list = await registry.signer.sign('grant-list', {});
    await refuses(ticket, 'grant');
    await refuses(ticket, 'grant-list');
    await refuses(grant, 'ticket');
    await refuses(grant, 'grant-list');
    await refuses(list, 'grant');
    await refuses(gateway.certificate, 'ticket');
    await refuses(await forged(gateway.key, { cert: gateway.certificate }));
  });

  it('is refused when the signer’s role may not sign its type', async () => {
    await refuses(await gateway.signer.sign('grant', { digest: 'd' }), 'grant');
    await refuses(await gateway.signer.sign('grant-list', {}), 'grant-list');
    await refuses(await registry.signer.sign('ticket', {}), 'ticket');
  });

  it('is refused when its certificate was made by somebody certified', async () => {
    // A certificate inside a certificate: the gateway plays root for a key of its own.
    const child = await generateSigningKey();
    const made = await forged(
      gateway.key,
      { typ: 'certificate', cert: gateway.certificate },
      { role: 'registry', publicKey: child.publicKey, expiresAt: LATER() },
    );
    await refuses(await forged(child, { typ: 'grant', cert: made }), 'grant');
    const byTicket = await gateway.signer.sign('ticket', {
      role: 'registry',
      publicKey: child.publicKey,
      expiresAt: LATER(),
    });
    await refuses(await forged(child, { typ: 'grant', cert: byTicket }), 'grant');
  });

  it('is refused when the root signed something that only looks like a certificate', async () => {
    const key = await generateSigningKey();
    const lookalike = { role: 'gateway', publicKey: key.publicKey, expiresAt: LATER() };
    for (const typ of ['ticket', 'grant', undefined])
      await refuses(await forged(key, { typ: 'ticket', cert: await forged(root, { typ }, lookalike) }));
  });

  it('is refused once its certificate has expired, remembered or not', async () => {
    const strict = new Verifier([root.publicKey], 0);
    const short = await certified('gateway', root, Date.now() + 100);
    const envelope = await short.signer.sign('ticket', {});
    expect(await strict.verify('ticket', envelope)).toEqual({});
    await new Promise((resolve) => setTimeout(resolve, 120));
    await expect(strict.verify('ticket', envelope)).rejects.toMatchObject({ code: 'signature.expired' });
    await expect(strict.verify('ticket', envelope)).rejects.toMatchObject({ code: 'signature.expired' });
    expect(await verifier.verify('ticket', envelope)).toEqual({}); // clocks differ: some skew is allowed
  });

  it('is refused under a certificate that names no end', async () => {
    const key = await generateSigningKey();
    const endless = await forged(root, { typ: 'certificate' }, { role: 'gateway', publicKey: key.publicKey });
    await refuses(await forged(key, { typ: 'ticket', cert: endless }), 'ticket', 'signature.expired');
  });

  it('is believed again after renewal, under the new certificate', async () => {
    const party = await certified('gateway', root, Date.now() - 3_600_000);
    await refuses(await party.signer.sign('ticket', {}), 'ticket', 'signature.expired');
    const renewed = { role: 'gateway' as const, publicKey: party.key.publicKey, expiresAt: LATER() };
    party.signer.setCertificate(await signCertificate(root.privateKey, renewed));
    expect(await verifier.verify('ticket', await party.signer.sign('ticket', {}))).toEqual({});
  });

  it.each(['', '.', '..', 'a.b.c', 'x', '{}', 'eyJ.eyJ.eyJ', '%%%.%%%.%%%', `${'a'.repeat(100_000)}.b.c`])(
    'is refused when it is none: %#',
    async (text) => {
      await refuses(text);
      await refuses(await forged(gateway.key, { typ: 'ticket', cert: text }));
      await refuses(await forged(gateway.key, { typ: 'ticket', cert: { text } }));
    },
  );

  it('is refused when its payload is no JSON', async () => {
    const envelope = await new CompactSign(Buffer.from('{'))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'ticket', cert: gateway.certificate })
      .sign(gateway.key.privateKey);
    await refuses(envelope);
  });

  it('tells nobody a private key', async () => {
    const { publicKey } = await generateSigningKey();
    expect(Object.keys(publicKey).sort()).toEqual(['crv', 'kty', 'x']);
    expect(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })).toMatchObject({ crv: publicKey.crv });
  });
});
