import { connect } from 'node:net';
import { Fault } from '@fingerpost/contracts';
import { authorized, echo, edgeUnderTest, problem } from './testing/edge-under-test.ts';
import { githubPage, TOKEN } from './testing/fake-services.ts';

const { company, get, post, start } = edgeUnderTest();

describe('who may ask', () => {
  it.each<[string, Record<string, string>]>([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}` }],
    ['the token alone', { authorization: TOKEN }],
    ['the token in a cookie', { cookie: `token=${TOKEN}` }],
    ['the token in a header of its own', { 'x-api-key': TOKEN, 'x-tooljump-token': TOKEN }],
  ])('%s is a 401', async (_what, headers) => {
    await start([echo]);
    for (const [path, method] of [
      ['/context', 'POST'],
      ['/config', 'GET'],
      ['/custom-domains', 'GET'],
      ['/catalogue', 'GET'],
    ] as const) {
      const response = await get(path, headers, method);
      expect((await problem(response)).code).toBe('request.unauthenticated');
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  it('never takes a token from the address', async () => {
    await start([echo]);
    for (const query of [`token=${TOKEN}`, `access_token=${TOKEN}`, `authorization=Bearer ${TOKEN}`])
      expect((await get(`/config?${encodeURI(query)}`)).status).toBe(401);
  });

  it('refuses strangers before it reads what they send', async () => {
    await start([echo]);
    const response = await fetch(`${company().gateway.url}/context`, {
      method: 'POST',
      body: 'x'.repeat(90_000),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(401);
  });
});

describe('the limit', () => {
  it('counts each caller alone, and says when to come back', async () => {
    await start([echo], { FINGERPOST_RATE_LIMIT: '3' });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await post(JSON.stringify(githubPage('a/b')))).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await get('/config', authorized);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toBeNull();
    expect((await problem(refused)).code).toBe('request.rate_limited');
    expect((await get('/health/live')).status).toBe(200);
  });

  it('counts wrong tokens by address, whatever they say', async () => {
    await start([echo], { FINGERPOST_RATE_LIMIT: '3' });
    const guess = (n: number) =>
      get('/config', { authorization: `Bearer guess-${n}`, 'x-forwarded-for': `10.0.0.${n}` });
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await guess(n)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await get('/config', authorized)).status).toBe(200);
  });
});

describe('for whoever runs it', () => {
  it('says whether it is alive and ready', async () => {
    await start([]);
    expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/health/ready')).json()).toEqual({
      status: 'ok',
      checks: { registry: 'ok', secrets: 'ok', runners: 'ok', 'secret store': 'ok' },
    });
  });

  it('counts requests by route and status, never by address', async () => {
    await start([echo]);
    await post(JSON.stringify(githubPage('acme/secret-project')));
    await get('/nobody-knows-this-path');
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toMatch(/http_request_duration_seconds_count\{route="\/context",status="200"\} \d+/);
    expect(metrics).toMatch(/http_request_duration_seconds_count\{route="none",status="404"\} \d+/);
    expect(metrics).toMatch(/fingerpost_gateway_answers_total\{integration="[^"]+",from="run"\} \d+/);
    expect(metrics).not.toMatch(/secret-project|nobody-knows/);
  });

  it('describes its API', async () => {
    await start([]);
    const api = (await (await get('/docs-json')).json()) as { paths: object };
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining(['/context', '/config', '/custom-domains', '/catalogue', '/health/ready']),
    );
    const page = await (await get('/docs')).text();
    expect(page).toContain('swagger-ui');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  });

  it('protects its pages and answers by headers', async () => {
    await start([]);
    for (const path of ['/', '/docs', '/health/live', '/nothing', '/config']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  it('insists on https only where it is behind https', async () => {
    await start([], { FINGERPOST_BEHIND_HTTPS: 'true' });
    expect((await get('/')).headers.get('strict-transport-security')).toContain('max-age=');
  });
});

describe('a connection that misbehaves', () => {
  const raw = (sent: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(company().gateway.url).port), '127.0.0.1', () => socket.write(sent));
      let seen = '';
      socket
        .on('data', (data) => (seen += data))
        .on('close', () => resolve(seen))
        .on('error', () => resolve(seen));
    });

  it('cannot smuggle headers into an answer', async () => {
    await start([{ ...echo, run: () => Promise.reject(new Fault('run.failed', 'x\r\nSet-Cookie: a=b')) }]);
    const response = await post(JSON.stringify(githubPage('a/b\r\nSet-Cookie: a=b', { url: 'https://github.com/' })), {
      origin: 'https://evil.example',
    });
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await raw('GET /health/live HTTP/1.1\r\nHost: x\r\nOrigin: https://github.com\rX: y\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400/,
    );
  });

  it('that sends nonsense gets a 400', async () => {
    await start([]);
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
  });

  // Whatever a proxy in front may take these for: what follows is never a request of its own.
  it.each([
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ['chunks by another name', 'Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'],
    ['chunks, then something else', 'Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'],
    ['chunks behind a space', 'Transfer-Encoding : chunked\r\n', '0\r\n\r\n'],
    ['chunks on a second line', 'X: y\r\n Transfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ['lines that end too soon', 'Transfer-Encoding: chunked\n', '0\n\n'],
    ['a length with a sign', 'Content-Length: +5\r\n', '0\r\n\r\n'],
    ['a length that is none', 'Content-Length: 5x\r\n', '0\r\n\r\n'],
  ])('cannot smuggle a request behind %s', async (_, headers, body) => {
    await start([echo]);
    const smuggled = `GET /config HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`;
    const seen = await raw(`POST /context HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}${smuggled}`);
    expect(seen).toMatch(/^HTTP\/1.1 400/);
    expect(seen.match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(seen).not.toContain('adapters');
  });

  it('that says its length twice gets a 400', async () => {
    await start([]);
    expect(await raw('POST /context HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}')).toMatch(
      /^HTTP\/1.1 400/,
    );
  });
});
