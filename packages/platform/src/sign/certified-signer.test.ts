import { verify } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { secretsSubjects } from '@fingerpost/contracts';
import { pino } from 'pino';
import { LocalExchange } from '../bus/local-wire.ts';
import { WireBus } from '../bus/wire-bus.ts';
import { certifiedSigner } from './certified-signer.ts';
import { generateSigningKey, type SigningKey, signCertificate, Verifier } from './signed-envelope.ts';

const log = pino({ level: 'silent' });

describe('a certified signer', () => {
  let root: SigningKey;
  let bus: WireBus;
  let root_: WireBus;
  let asked: number;

  beforeEach(async () => {
    const exchange = new LocalExchange();
    [bus, root_] = [new WireBus(exchange.connect(), log), new WireBus(exchange.connect(), log)];
    root = await generateSigningKey();
    asked = 0;
  });

  afterEach(() => Promise.all([bus.drain(), root_.drain()]));

  const startCertifying = (lifeMs: number, isWilling = () => true) =>
    root_.answer(secretsSubjects.certify('gateway'), 'secrets', async ({ message }) => {
      asked++;
      if (!isWilling()) throw new Error('not now');
      const { publicKey } = message as { publicKey: SigningKey['publicKey'] };
      const certificate = { role: 'gateway' as const, publicKey, expiresAt: Date.now() + lifeMs };
      return { certificate: await signCertificate(root.privateKey, certificate) };
    });

  it('signs what the root’s believers believe', async () => {
    startCertifying(60_000);
    const { signer, close } = await certifiedSigner('gateway', bus, log);
    expect(await new Verifier([root.publicKey]).verify('ticket', await signer.sign('ticket', { jti: '1' }))).toEqual({
      jti: '1',
    });
    close();
  });

  it('waits for the secrets service', async () => {
    const waiting = certifiedSigner('gateway', bus, log);
    await sleep(30);
    startCertifying(60_000);
    const { signer, close } = await waiting;
    expect(signer.certificate).toContain('.');
    close();
  });

  it('has another key then, and what names the former certificate is still signed by the former key', async () => {
    startCertifying(1_000);
    const { signer, close } = await certifiedSigner('gateway', bus, log);
    const [certificate, key, bytes] = [signer.certificate, signer.publicKey, Buffer.from('read a moment ago')];
    while (signer.certificate === certificate) await sleep(20);
    close();
    expect(signer.publicKey.equals(key)).toBe(false);
    expect(verify(null, bytes, key, signer.signBytes(bytes, certificate))).toBe(true);
    expect(verify(null, bytes, signer.publicKey, signer.signBytes(bytes, signer.certificate))).toBe(true);
  });

  it('is renewed at half its life, until it is closed', async () => {
    startCertifying(1_000);
    const { signer, close } = await certifiedSigner('gateway', bus, log);
    const first = signer.certificate;
    while (signer.certificate === first) await sleep(20);
    expect(asked).toBe(2);
    close();
    await sleep(1_200);
    expect(asked).toBe(2);
  });
});
