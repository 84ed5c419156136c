import { type Grant, type RevealReply, type RevealRequest, secretsSubjects } from '@fingerpost/contracts';
import { newLetterbox } from '@fingerpost/platform';
import { startUpstream } from '../testing/upstream.ts';
import { bindTo, grantFor, World } from '../testing/world.ts';

const VALUE = 'a canary to be revealed';
const NO_PLACE = { hosts: [], methods: [], pathPrefixes: [], slots: [] };
const REVEALED = { KEY: { ...NO_PLACE, reveal: true } };

let world: World;
beforeEach(async () => {
  world = await World.start({ secrets: { KEY: VALUE, GH_TOKEN: 'ghp_not_to_be_revealed' } });
  world.announce();
});
afterEach(() => world.close());

const grant = (change: Partial<Grant> = {}) =>
  grantFor(['api.acme.dev'], {
    isolation: 'fresh',
    secrets: { ...REVEALED, GH_TOKEN: bindTo(['api.acme.dev']) },
    ...change,
  });

async function ask(
  papers: Pick<RevealRequest, 'ticket' | 'grant'>,
  { runnerId = 'r1', address }: { runnerId?: string; address?: object } = {},
) {
  const box = await newLetterbox();
  const { letter } = await world.bus.request<RevealReply>(
    secretsSubjects.reveal(runnerId),
    { ...papers, address: address ?? box.address },
    { timeoutMs: 2_000 },
  );
  return { letter, values: JSON.parse(await box.open(letter)) };
}
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'ok',
    ({ code }) => code,
  );
const reveals = () => world.audited.filter(({ action }) => action === 'secret.revealed');

describe('revealing', () => {
  it('hands out what the grant names and nothing else, and has written it down, without the value', async () => {
    const { values } = await ask(await world.papers(grant(), { jti: 'one', viewerScope: 'ada' }));
    expect(values).toEqual({ KEY: VALUE });
    expect(reveals()).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        actor: 'integration:deploys',
        action: 'secret.revealed',
        target: 'KEY',
        detail: { digest: grant().digest, revision: 1, viewer: 'ada', ticket: 'one', runner: 'r1' },
      },
    ]);
    expect(JSON.stringify(world.audited)).not.toContain(VALUE);
  });

  it('writes down each time, in order', async () => {
    for (const jti of ['a', 'b', 'b']) await ask(await world.papers(grant(), { jti }));
    expect(reveals().map(({ detail }) => detail?.ticket)).toEqual(['a', 'b', 'b']);
  });

  it('hands nothing out that could not be written down', async () => {
    world.isTrailFull = true;
    const papers = await world.papers(grant());
    expect(await codeOf(ask(papers))).toBe('secret.not_revealed');
    world.isTrailFull = false;
    expect(await codeOf(ask(papers))).toBe('ok');
  });

  it.each<[string, Partial<Grant>]>([
    ['whose grant reveals nothing', { secrets: { KEY: bindTo(['api.acme.dev']) } }],
    ['that nobody approved', { isApproved: false }],
    ['that shares its isolate', { isolation: 'warm' }],
    ['that shares its isolate in turn', { isolation: 'clean' }],
  ])('refuses code %s, and writes nothing', async (_which, change) => {
    expect(await codeOf(ask(await world.papers(grant(change))))).toBe('request.forbidden');
    expect(reveals()).toEqual([]);
  });

  it('refuses stolen, forged and spent papers', async () => {
    const papers = await world.papers(grant());
    expect(await codeOf(ask(papers))).toBe('ok');
    expect(await codeOf(ask(papers, { runnerId: 'r2' }))).toBe('ticket.invalid');
    expect(await codeOf(ask({ ...papers, grant: await world.gateway.signer.sign('grant', grant()) }))).toBe(
      'signature.invalid',
    );
    expect(await codeOf(ask(await world.papers(grant(), { expiresAt: Date.now() - 200_000 })))).toBe('ticket.spent');
    world.list = { epoch: 101, revisions: {} };
    world.announce();
    expect(await codeOf(ask(await world.papers(grant({ revision: 2 }))))).toBe('grant.revoked');
    expect(reveals()).toHaveLength(1);
  });

  it('counts as calls do', async () => {
    const papers = await world.papers(grant({ limits: { ...grant().limits, calls: 2 } }));
    expect([await codeOf(ask(papers)), await codeOf(ask(papers)), await codeOf(ask(papers))]).toEqual([
      'ok',
      'ok',
      'run.too_many_calls',
    ]);
  });

  it('lets a value cross the bus closed, for whoever asked', async () => {
    const frames: string[] = [];
    world.exchange.add('>', undefined, ({ payload }) => void frames.push(Buffer.from(payload).toString('latin1')));
    expect((await ask(await world.papers(grant()))).values).toEqual({ KEY: VALUE });
    expect(frames.length).toBeGreaterThan(1);
    for (const form of [VALUE, Buffer.from(VALUE).toString('base64url')]) expect(frames.join()).not.toContain(form);
    expect(await codeOf(ask(await world.papers(grant()), { address: { kty: 'oct', k: 'AAAA' } }))).not.toBe('ok');
  });

  it('takes a value that was revealed out of what upstreams answer to that run', async () => {
    const upstream = await startUpstream(
      ({ url }, response) => void response.end(`you asked ${decodeURIComponent(url)}`),
    );
    const own = await World.start({ secrets: { KEY: VALUE }, allow: [upstream.host] });
    own.announce();
    const papers = await own.papers(grant({ hosts: [upstream.host], secrets: REVEALED }));
    const box = await newLetterbox();
    await own.bus.request(secretsSubjects.reveal('r1'), { ...papers, address: box.address }, { timeoutMs: 2_000 });
    expect((await own.call(papers, `${upstream.url}/${encodeURIComponent(VALUE)}`)).body).toBe('you asked /[redacted]');
    await own.close();
    await upstream.close();
  });
});
