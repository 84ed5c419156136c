import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import { generateSigningKey, Signer, signCertificate } from '@fingerpost/platform';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import { grantFor, PLACEHOLDER, ticketFor, World } from '../testing/world.ts';

const BEARER: [string, string][] = [['Authorization', `Bearer ${PLACEHOLDER}`]];

let upstream: Upstream;
let world: World;

beforeAll(async () => {
  upstream = await startUpstream(
    ({ url }, response) => void response.end(url === '/large' ? Buffer.alloc(3_000, 'x') : 'hello'),
  );
  world = await World.start({ allow: [upstream.host] });
  world.announce();
});

afterAll(async () => {
  await world.close();
  await upstream.close();
});

const grant = () => grantFor([upstream.host]);

describe('whoever comes with the wrong papers', () => {
  it('cannot call with a ticket or grant that is no envelope', async () => {
    for (const papers of [
      { ticket: 'x', grant: 'y' },
      { ticket: '', grant: '' },
      { ticket: 'a.b.c', grant: 'a.b.c' },
    ])
      await expect(world.call(papers, upstream.url)).rejects.toMatchObject({ code: 'signature.invalid' });
  });

  it('cannot sign its own ticket, nor have a registry sign one', async () => {
    const { grant: signedGrant } = await world.papers(grant());
    const foreign = await generateSigningKey();
    const certificate = await signCertificate(foreign.privateKey, {
      role: 'gateway',
      publicKey: foreign.publicKey,
      expiresAt: Date.now() + 1e6,
    });
    const forged = await new Signer(foreign.privateKey, certificate).sign('ticket', ticketFor(grant()));
    const byRegistry = await world.registry.signer.sign('ticket', ticketFor(grant()));
    for (const ticket of [forged, byRegistry, signedGrant])
      await expect(world.call({ ticket, grant: signedGrant }, upstream.url)).rejects.toMatchObject({
        code: 'signature.invalid',
      });
  });

  it('cannot change what a good ticket says, even after the good one was seen', async () => {
    const papers = await world.papers(grant());
    await world.call(papers, upstream.url);
    const [header, payload, signature] = papers.ticket.split('.');
    const ticket = JSON.parse(Buffer.from(payload!, 'base64url').toString());
    const longer = Buffer.from(JSON.stringify({ ...ticket, expiresAt: ticket.expiresAt + 60_000 })).toString(
      'base64url',
    );
    await expect(
      world.call({ ...papers, ticket: `${header}.${longer}.${signature}` }, upstream.url),
    ).rejects.toMatchObject({ code: 'signature.invalid' });
  });

  it('cannot use a ticket for other code, another revision, or after its time', async () => {
    const cases = [
      [{ digest: 'e'.repeat(64) }, 'ticket.invalid'],
      [{ name: 'other-name' }, 'ticket.invalid'],
      [{ grantRevision: 2 }, 'ticket.invalid'],
      [{ expiresAt: Date.now() - 151_000 }, 'ticket.spent'],
      [{ expiresAt: Date.now() + 86_400_000 }, 'ticket.invalid'],
      [{ expiresAt: undefined }, 'ticket.invalid'],
      [{ expiresAt: 'never' as unknown as number }, 'ticket.invalid'],
      [{ jti: undefined }, 'ticket.invalid'],
    ] as const;
    for (const [change, code] of cases)
      await expect(world.call(await world.papers(grant(), change), upstream.url)).rejects.toMatchObject({ code });
  });

  it('tolerates the clocks of others', async () => {
    const { head } = await world.call(await world.papers(grant(), { expiresAt: Date.now() - 100_000 }), upstream.url);
    expect(head.status).toBe(200);
  });

  it('cannot use a ticket that another runner has used first', async () => {
    const papers = await world.papers(grant());
    await world.call(papers, upstream.url, { runnerId: 'first' });
    await expect(world.call(papers, upstream.url, { runnerId: 'second' })).rejects.toMatchObject({
      code: 'ticket.invalid',
    });
    expect((await world.call(papers, upstream.url, { runnerId: 'first' })).head.status).toBe(200);
  });

  it('cannot make more calls than the grant allows, failed ones counted', async () => {
    const papers = await world.papers(grantFor([upstream.host], { limits: { ...DEFAULT_LIMITS, calls: 2 } }));
    await world.call(papers, upstream.url);
    await expect(world.call(papers, 'https://elsewhere.example/')).rejects.toMatchObject({
      code: 'outbound.host_not_granted',
    });
    await expect(world.call(papers, upstream.url)).rejects.toMatchObject({ code: 'run.too_many_calls' });
  });

  it('cannot move more bytes than a whole run may, in however many calls', async () => {
    const limits = { ...DEFAULT_LIMITS, requestBytes: 0, responseBytes: 3_000 };
    const papers = await world.papers(grantFor([upstream.host], { limits }));
    for (let i = 0; i < 10; i++) await world.call(papers, `${upstream.url}/large`);
    await expect(world.call(papers, `${upstream.url}/large`)).rejects.toMatchObject({ code: 'outbound.too_large' });
  });

  it('cannot name a secret that the grant does not', async () => {
    for (const name of ['PD_TOKEN', 'constructor', '__proto__', 7, null])
      expect(
        await world.outcome(grant(), upstream.url, {
          headers: BEARER,
          placeholders: { [PLACEHOLDER]: name as string },
        }),
      ).toBe('request.forbidden');
  });

  it('cannot send a message that is out of shape', async () => {
    const odd = [
      { headers: [['a']] },
      { headers: [['a', 1]] },
      { headers: ['ab'] },
      { headers: [{ 0: 'a', 1: 'b', length: 2 }] },
      { placeholders: 'x' },
      { placeholders: { short: 'GH_TOKEN' } },
      { placeholders: { '.{24,}.......................': 'GH_TOKEN' } },
      { method: 'CONNECT' },
      { method: 'TRACE' },
      { url: 'not an address' },
      { redirect: 'always' },
      { bodyBytes: -1 },
    ];
    for (const change of odd)
      expect(await world.outcome(grant(), upstream.url, change as never)).toBe('request.invalid');
  });

  it('cannot send more or less of a body than announced, nor more than granted', async () => {
    const small = grantFor([upstream.host], { limits: { ...DEFAULT_LIMITS, requestBytes: 10 } });
    expect(await world.outcome(small, upstream.url, { method: 'POST', body: ['01234567890'] })).toBe(
      'outbound.too_large',
    );
    expect(await world.outcome(small, upstream.url, { method: 'POST', body: ['0123', '4567890'], bodyBytes: 3 })).toBe(
      'request.invalid',
    );
    expect(await world.outcome(small, upstream.url, { method: 'POST', body: ['01'], bodyBytes: 3 })).toBe(
      'request.invalid',
    );
    expect(await world.outcome(small, upstream.url, { method: 'GET', body: ['01'] })).toBe('request.invalid');
  });
});
