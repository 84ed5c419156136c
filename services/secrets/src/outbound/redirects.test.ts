import { Seal } from '../seal/unseal-request.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { NO_MINTER } from '../testing/no-minter.ts';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import { WaysOut } from '../testing/ways-out.ts';
import { bindTo, grantFor, PLACEHOLDER } from '../testing/world.ts';
import type { Headers } from './headers.ts';
import { nextHop } from './next-hop.ts';

const HEADERS: Headers = [
  ['authorization', 'Basic of-the-author'],
  ['cookie', 'session=1'],
  ['x-token', PLACEHOLDER],
  ['content-type', 'text/plain'],
  ['x-plain', 'kept'],
];

let home: Upstream;
let away: Upstream;
let ways: WaysOut;

beforeAll(async () => {
  // Goes where `to` says, with the status that `status` says.
  const answer: Parameters<typeof startUpstream>[0] = ({ url, headers }, response) => {
    const { searchParams } = new URL(url, 'http://x');
    const to = searchParams.get('to');
    if (to === null) return void response.end('arrived');
    response
      .writeHead(Number(searchParams.get('status') ?? 302), {
        location: to.replace('{token}', String(headers['x-token'])).replace('{placeholder}', PLACEHOLDER),
      })
      .end();
  };
  home = await startUpstream(answer);
  away = await startUpstream(answer);
  ways = new WaysOut([home.host, away.host]);
});

afterAll(async () => {
  await Promise.all([home.close(), away.close()]);
  await ways.close();
});

beforeEach(() => {
  home.hits.length = away.hits.length = 0;
});

const via = (to: string, status = 302) => `${home.url}/?status=${status}&to=${encodeURIComponent(to)}`;
const grant = () => grantFor([home.host, away.host], { secrets: { GH_TOKEN: bindTo([home.host]) } });

describe('a redirect', () => {
  it('is followed, given back or refused, as the call says', async () => {
    const followed = await ways.call(grant(), via('/there'));
    expect(followed).toMatchObject({
      body: 'arrived',
      head: { status: 200, isRedirected: true, url: `${home.url}/there` },
    });
    const given = await ways.call(grant(), via('/there'), { redirect: 'manual' });
    expect(given.head).toMatchObject({ status: 302, isRedirected: false });
    expect(given.head.headers).toContainEqual(['location', '/there']);
    expect(await ways.outcome(grant(), via('/there'), { redirect: 'error' })).toBe('outbound.failed');
  });

  it('is followed five times at most', async () => {
    const nest = (depth: number): string => (depth === 0 ? `${home.url}/` : via(nest(depth - 1)));
    expect(await ways.outcome(grant(), nest(5))).toBe('ok');
    expect(await ways.outcome(grant(), nest(6))).toBe('outbound.failed');
  });

  it('never leads to a host that is not granted', async () => {
    const narrow = grantFor([home.host]);
    for (const to of [away.url, 'https://evil.example/', '//evil.example/', 'https://169.254.169.254/latest/meta-data'])
      expect(await ways.outcome(narrow, via(to))).toBe('outbound.host_not_granted');
    expect(away.hits).toEqual([]);
  });

  it('never leads to an address that the guard refuses, granted or not', async () => {
    for (const host of ['127.0.0.1:1', 'localhost:80', '169.254.169.254:80'])
      expect(await ways.outcome(grantFor([home.host, host]), via(`http://${host}/`))).toBe('outbound.address_refused');
    for (const to of ['file:///etc/passwd', 'data:text/plain,x', 'javascript:alert(1)'])
      expect(await ways.outcome(grant(), via(to))).toBe('request.invalid');
    expect(await ways.outcome(grant(), via(`http://user:pass@${away.host}/`))).toBe('request.invalid');
    expect(await ways.outcome(grant(), via('http://['))).toBe('outbound.failed');
  });

  it('leaves credentials behind when it leaves the origin', async () => {
    await ways.call(grant(), via(away.url), { headers: HEADERS });
    expect(home.hits[0]!.headers).toMatchObject({
      'x-token': 'ghp_realvalue123',
      authorization: 'Basic of-the-author',
      cookie: 'session=1',
    });
    const { headers } = away.hits[0]!;
    expect([headers['x-token'], headers.authorization, headers.cookie]).toEqual([undefined, undefined, undefined]);
    expect(headers['x-plain']).toBe('kept');
    expect(JSON.stringify(headers)).not.toContain(PLACEHOLDER);
  });

  it('takes a secret along where its binding allows the new host', async () => {
    const wide = grantFor([home.host, away.host]);
    await ways.call(wide, via(away.url), { headers: HEADERS });
    expect(away.hits[0]!.headers['x-token']).toBe('ghp_realvalue123');
    expect(away.hits[0]!.headers.authorization).toBeUndefined();
  });

  it('within its origin drops a secret where the binding does not allow the path', async () => {
    const narrow = grantFor([home.host], { secrets: { GH_TOKEN: bindTo([home.host], { pathPrefixes: ['/api'] }) } });
    await ways.call(narrow, `${home.url}/api?to=${encodeURIComponent('/admin')}`, { headers: HEADERS });
    expect(home.hits[1]).toMatchObject({ url: '/admin', headers: { authorization: 'Basic of-the-author' } });
    expect(home.hits[1]!.headers['x-token']).toBeUndefined();
  });

  it('cannot carry a value away in its address', async () => {
    for (const to of [`${away.url}/?stolen={token}`, '/?stolen={token}'])
      expect(await ways.outcome(grant(), via(to), { headers: HEADERS })).toBe('secret.misplaced');
    expect(away.hits).toEqual([]);
    const { head } = await ways.call(grant(), via('/?stolen={token}'), { headers: HEADERS, redirect: 'manual' });
    expect(head.headers).toContainEqual(['location', '/?stolen=[redacted]']);
  });

  it('cannot carry a value away in its host, which loses its capitals on the way', async () => {
    const loud = grantFor([home.host], { secrets: { GH_TOKEN: bindTo([home.host]) } });
    const seal = new Seal(
      { [PLACEHOLDER]: 'GH_TOKEN' },
      loud,
      new MemoryStore({ GH_TOKEN: 'GHP_LOUDVALUE' }),
      NO_MINTER,
    );
    const to = via('https://{token}.evil.example/');
    const error = await ways.call(loud, to, { headers: [['x-token', PLACEHOLDER]], seal }).catch((error) => error);
    expect(error).toMatchObject({ code: 'secret.misplaced' });
    expect(error.message.toLowerCase()).not.toContain('loudvalue');
  });

  it.each([
    ['another host', () => `${away.url}/`, {}],
    ['another path', () => '/admin', { pathPrefixes: ['/api'] }],
  ])('cannot carry a body with a secret to %s', async (_where, to, change) => {
    const inBody = grantFor([home.host, away.host], {
      secrets: { GH_TOKEN: bindTo([home.host], { slots: ['body'], ...change }) },
    });
    const body = Buffer.from(JSON.stringify({ token: PLACEHOLDER }));
    const asked = { method: 'POST', body, headers: [['content-type', 'application/json']] as Headers };
    const address = `${home.url}/api?status=307&to=${encodeURIComponent(to())}`;
    expect(await ways.outcome(inBody, address, asked)).toBe('secret.misplaced');
    expect(home.hits).toHaveLength(1);
    expect(away.hits).toEqual([]);
  });

  it('cannot move a secret into another slot, even by an upstream that knows the placeholder', async () => {
    for (const to of ['/?q={placeholder}', '/{placeholder}', `${away.url}/?q={placeholder}`])
      expect(await ways.outcome(grant(), via(to))).toBe('secret.misplaced');
    expect([home.hits.length, away.hits.length]).toEqual([3, 0]);
  });

  it('cannot turn a method into one that the binding does not name', async () => {
    const posts = grantFor([home.host], { secrets: { GH_TOKEN: bindTo([home.host], { methods: ['POST'] }) } });
    await ways.call(posts, via('/there', 303), { method: 'POST', headers: [['x-token', PLACEHOLDER]] });
    expect(home.hits.map(({ method, headers }) => [method, headers['x-token']])).toEqual([
      ['POST', 'ghp_realvalue123'],
      ['GET', undefined],
    ]);
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'DELETE', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'PUT', 'PUT'],
    [302, 'PUT', 'PUT'],
  ])('with status %i turns %s into %s', async (status, method, then) => {
    const body = method === 'HEAD' ? new Uint8Array() : Buffer.from('the body');
    await ways.call(grant(), via(away.url, status), { method, body, headers: [['content-type', 'text/plain']] });
    const isKept = then === method && method !== 'HEAD';
    expect(away.hits[0]).toMatchObject({ method: then, body: isKept ? 'the body' : '' });
    if (then === 'GET') expect(away.hits[0]!.headers['content-type']).toBeUndefined();
  });

  it('is not followed from https to http', () => {
    const seal = new Seal({}, grant(), new MemoryStore(), NO_MINTER);
    const hop = { method: 'GET', url: new URL('https://api.acme.dev/'), headers: [], body: new Uint8Array() };
    for (const to of ['http://api.acme.dev/', `${away.url}/`, 'file:///etc/passwd'])
      expect(() => nextHop(hop, 302, new URL(to), seal)).toThrow('redirected from https');
    expect(nextHop(hop, 302, new URL('https://api.acme.dev/x#y'), seal).url.href).toBe('https://api.acme.dev/x');
  });

  it('asks again before each hop whether the grant is in force', async () => {
    let asked = 0;
    const checkAgain = () => {
      if (++asked === 2) throw Object.assign(new Error('revoked'), { name: 'Fault', code: 'grant.revoked' });
    };
    expect(await ways.outcome(grant(), via(away.url), { checkAgain })).toBe('grant.revoked');
    expect(away.hits).toEqual([]);
  });
});
