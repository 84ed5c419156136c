import { gatewaySubjects, type RecallReply } from '@fingerpost/contracts';
import { generateSigningKey, Signer, signCertificate } from '@fingerpost/platform';
import { type FakeCompany, type FakeIntegration, githubPage, startCompany } from '../testing/fake-services.ts';

let company: FakeCompany;
afterEach(() => company?.close());

const remembers = (name: string): FakeIntegration => ({ name, cacheSeconds: 0, run: () => ({}) });

/** Tickets as a real run of each integration gets them. */
async function ticketsFor(...names: string[]): Promise<string[]> {
  company = await startCompany(names.map(remembers));
  await company.ask(githubPage('a/b'));
  return company.runs.map(({ ticket }) => ticket);
}
const recall = (ticket: string, key: string) =>
  company.bus.request<RecallReply>(gatewaySubjects.recall, { ticket, key }, { timeoutMs: 1_000 });
const remember = (ticket: string, key: string, value: unknown, ttlSeconds = 60) =>
  company.bus.request(gatewaySubjects.remember, { ticket, key, value, ttlSeconds }, { timeoutMs: 1_000 });

describe('what integrations remember', () => {
  it('comes back to the code that remembered it', async () => {
    const [ticket] = await ticketsFor('one');
    expect(await recall(ticket!, 'k')).toEqual({});
    await remember(ticket!, 'k', { list: [1, null] });
    expect(await recall(ticket!, 'k')).toEqual({ value: { list: [1, null] } });
  });

  it('cannot be read by other code', async () => {
    const [one, other] = await ticketsFor('one', 'other');
    await remember(one!, 'k', 'mine');
    expect(await recall(other!, 'k')).toEqual({});
  });

  it('is closed to tickets that no gateway of ours signed', async () => {
    const [ticket] = await ticketsFor('one');
    const strangersRoot = await generateSigningKey();
    const key = await generateSigningKey();
    const certificate = await signCertificate(strangersRoot.privateKey, {
      role: 'gateway',
      publicKey: key.publicKey,
      expiresAt: Date.now() + 60_000,
    });
    const payload = JSON.parse(Buffer.from(ticket!.split('.')[1]!, 'base64url').toString());
    const forged = await new Signer(key.privateKey, certificate).sign('ticket', payload);
    const [header, , signature] = ticket!.split('.');
    const tampered = [
      header,
      Buffer.from(JSON.stringify({ ...payload, digest: 'f'.repeat(64) })).toString('base64url'),
      signature,
    ].join('.');
    for (const bad of [forged, tampered, '', 'x.y.z'])
      await expect(recall(bad, 'k')).rejects.toMatchObject({ code: 'signature.invalid' });
  });

  it.each([
    ['no key', { value: 1, ttlSeconds: 1 }],
    ['a key that is too long', { key: 'k'.repeat(1_001), value: 1, ttlSeconds: 1 }],
    ['a negative time', { key: 'k', value: 1, ttlSeconds: -1 }],
    ['endless time', { key: 'k', value: 1, ttlSeconds: 1e12 }],
  ])('refuses %s', async (_what, message) => {
    const [ticket] = await ticketsFor('one');
    await expect(
      company.bus.request(gatewaySubjects.remember, { ticket, ...message }, { timeoutMs: 1_000 }),
    ).rejects.toMatchObject({ code: 'request.invalid' });
  });
});
