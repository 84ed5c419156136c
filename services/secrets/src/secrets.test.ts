import { setTimeout as sleep } from 'node:timers/promises';
import { type CertifyReply, type CheckReply, type SecretsNotice, secretsSubjects } from '@fingerpost/contracts';
import { generateSigningKey } from '@fingerpost/platform';
import { FileStore } from './store/file-store.ts';
import { startUpstream, type Upstream } from './testing/upstream.ts';
import { bindTo, grantFor, PLACEHOLDER, World } from './testing/world.ts';

const BEARER: [string, string][] = [['Authorization', `Bearer ${PLACEHOLDER}`]];
const PLACEHOLDERS = { [PLACEHOLDER]: 'GH_TOKEN' };
const SEALED = { headers: BEARER, placeholders: PLACEHOLDERS };

let upstream: Upstream;
let world: World;

beforeAll(async () => {
  upstream = await startUpstream(async ({ url, headers, body }, response) => {
    if (url.startsWith('/echo'))
      return void response.setHeader('x-seen', headers.authorization ?? '').end(`you sent ${headers.authorization}`);
    if (url === '/large') return void response.end(Buffer.alloc(3_000, 'x'));
    if (url === '/slow') await sleep(30_000, undefined, { ref: false });
    response.end(JSON.stringify({ url, body, headers }));
  });
  world = await World.start({ allow: [upstream.host] });
  world.announce();
});

afterAll(async () => {
  await world.close();
  await upstream.close();
});

const grant = () => grantFor([upstream.host]);
const lastHit = () => upstream.hits.at(-1)!;

describe('a call with a secret', () => {
  it('reaches the upstream with the real value and comes back without it', async () => {
    const { head, body } = await world.call(await world.papers(grant()), `${upstream.url}/echo`, SEALED);
    expect(lastHit().headers.authorization).toBe('Bearer ghp_realvalue123');
    expect(head).toMatchObject({ status: 200, statusText: 'OK', isRedirected: false, url: `${upstream.url}/echo` });
    expect(head.headers).toContainEqual(['x-seen', 'Bearer [redacted]']);
    expect(body).toBe('you sent Bearer [redacted]');
  });

  it('carries a body there and says who is calling', async () => {
    const change = { ...SEALED, method: 'POST', body: ['{"a":', '1}'] };
    await world.call(await world.papers(grant()), `${upstream.url}/things`, change);
    expect(lastHit()).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'user-agent': 'fingerpost', 'content-length': '7' },
    });
  });

  it('reuses the connection', async () => {
    const papers = await world.papers(grant());
    await world.call(papers, `${upstream.url}/a`);
    const before = upstream.connections();
    for (let i = 0; i < 10; i++) await world.call(papers, `${upstream.url}/a`);
    expect(upstream.connections() - before).toBeLessThanOrEqual(1); // a second one where the first was just being freed
  });

  it('is stopped when a placeholder is split across the chunks of its body', async () => {
    const hits = upstream.hits.length;
    const body = ['{"steal":"', PLACEHOLDER.slice(0, 7), PLACEHOLDER.slice(7), '"}'];
    expect(await world.outcome(grant(), upstream.url, { method: 'POST', placeholders: PLACEHOLDERS, body })).toBe(
      'secret.misplaced',
    );
    expect(upstream.hits.length).toBe(hits);
  });

  it('names the secret that is missing and how to add it', async () => {
    const asking = grantFor([upstream.host], { secrets: { PD_TOKEN: bindTo([upstream.host]) } });
    const change = { headers: BEARER, placeholders: { [PLACEHOLDER]: 'PD_TOKEN' } };
    await expect(world.call(await world.papers(asking), upstream.url, change)).rejects.toMatchObject({
      code: 'secret.not_found',
      message: expect.stringContaining('npm run secrets -- set PD_TOKEN'),
    });
  });

  it('uses a value that was added a moment ago', async () => {
    const store = FileStore.in(world.dataFolder);
    const asking = grantFor([upstream.host], { secrets: { LATE_TOKEN: bindTo([upstream.host]) } });
    const change = { headers: BEARER, placeholders: { [PLACEHOLDER]: 'LATE_TOKEN' } };
    expect(await world.outcome(asking, upstream.url, change)).toBe('secret.not_found');
    await store.set('LATE_TOKEN', 'late-value-1');
    expect(await world.outcome(asking, upstream.url, change)).toBe('ok');
    expect(lastHit().headers.authorization).toBe('Bearer late-value-1');
  });

  it('ends with its deadline', async () => {
    await expect(
      world.call(await world.papers(grant()), `${upstream.url}/slow`, { timeoutMs: 150 }),
    ).rejects.toMatchObject({ code: 'bus.timed_out' });
  });
});

describe('the rest of the service', () => {
  it('says which secrets are missing', async () => {
    const reply = await world.bus.request<CheckReply>(
      secretsSubjects.check,
      { names: ['GH_TOKEN', 'NOBODY', '__proto__'] },
      { timeoutMs: 1_000 },
    );
    expect(reply).toEqual({ missing: ['NOBODY', '__proto__'], revision: expect.any(String) });
  });

  it('publishes a new revision soon after a change, and the old one until then', async () => {
    const revisions: string[] = [];
    const stop = world.bus.subscribe(
      secretsSubjects.revision,
      (notice) => void revisions.push((notice as SecretsNotice).revision),
    );
    const { revision: before } = await world.bus.request<CheckReply>(
      secretsSubjects.check,
      { names: [] },
      { timeoutMs: 1_000 },
    );
    await FileStore.in(world.dataFolder).set('ANOTHER', 'value');
    const { revision: after } = await world.bus.request<CheckReply>(
      secretsSubjects.check,
      { names: [] },
      { timeoutMs: 1_000 },
    );
    expect(after).not.toBe(before);
    while (!revisions.includes(after)) await sleep(20);
    stop();
    expect(revisions.filter((revision) => revision !== before && revision !== after)).toEqual([]);
  });

  it('certifies Ed25519 public keys and nothing else', async () => {
    const { publicKey } = await generateSigningKey();
    const certify = (key: unknown) =>
      world.bus.request<CertifyReply>(secretsSubjects.certify('gateway'), { publicKey: key }, { timeoutMs: 1_000 });
    const { certificate } = await certify(publicKey);
    const payload = JSON.parse(Buffer.from(certificate.split('.')[1]!, 'base64url').toString());
    expect(payload).toMatchObject({ role: 'gateway', publicKey });
    expect(payload.expiresAt - Date.now()).toBeLessThanOrEqual(24 * 3600 * 1000);
    const odd = [
      { ...publicKey, d: 'A'.repeat(43) },
      { ...publicKey, crv: 'X25519' },
      { ...publicKey, kty: 'RSA' },
      { ...publicKey, x: 'AAAA' },
      {},
    ];
    for (const key of odd) await expect(certify(key)).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('answers calls in flight when it closes', async () => {
    let release = () => {};
    const slow = await startUpstream(async (_hit, response) => {
      await new Promise<void>((resolve) => (release = resolve));
      response.end('done');
    });
    const other = await World.start({ allow: [slow.host] });
    other.announce();
    const asked = other.call(await other.papers(grantFor([slow.host])), slow.url);
    while (slow.hits.length === 0) await sleep(5);
    const closing = other.service.close();
    release();
    expect((await asked).body).toBe('done');
    await closing;
    await other.close();
    await slow.close();
  });
});
