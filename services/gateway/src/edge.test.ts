import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@fingerpost/contracts';
import { type FakeCompany, githubPage, startCompany, TOKEN, text } from './testing/fake-services.ts';

let company: FakeCompany;
const start = async (...args: Parameters<typeof startCompany>) => {
  company = await startCompany(...args);
  return company;
};
afterEach(() => company?.close());

const authorized = { authorization: `Bearer ${TOKEN}` };
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${company.gateway.url}${path}`, { method, headers });
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${company.gateway.url}/context`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...authorized, ...headers },
  });

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = (await response.json()) as {
    status: number;
    title: string;
    detail: string;
    code: string;
    errors?: { path: string }[];
    id?: string;
  };
  expect(body.status).toBe(response.status);
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(js|ts):|node_modules|Error:/);
  return body;
}

const echo = { name: 'echo', run: () => ({ insights: [text('here')] }) };
const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });

describe('what is not a context', () => {
  it.each([
    ['malformed JSON', '{"type":', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['a text', '"x"', 400],
    ['null', 'null', 400],
    ['200 kB', JSON.stringify(githubPage('a/b', { x: 'x'.repeat(200_000) })), 413],
    ['__proto__', '{"type":"github","url":"https://github.com/a","__proto__":{"isAdmin":true}}', 400],
    [
      'a hidden __proto__',
      '{"type":"github","url":"https://github.com/a","p":{"\\u005f_proto__":{"isAdmin":true}}}',
      400,
    ],
    [
      'constructor.prototype',
      '{"type":"github","url":"https://github.com/a","constructor":{"prototype":{"x":1}}}',
      400,
    ],
    ['very deep nesting', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 400],
    ['bytes that are no UTF-8', '\ud800', 400],
  ])('%s is refused with a problem document', async (_what, body, status) => {
    await start([echo]);
    const response = await post(body);
    expect(response.status).toBe(status);
    expect((await problem(response)).detail).toEqual(expect.any(String));
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(company.runs).toHaveLength(0);
  });

  it.each([
    ['type', { url: 'https://github.com/a' }],
    ['type', githubPage('a/b', { type: 7 })],
    ['type', githubPage('a/b', { type: 'jira' })],
    ['type', githubPage('a/b', { type: '__proto__' })],
    ['url', githubPage('a/b', { url: 'javascript:alert(1)' })],
    ['url', githubPage('a/b', { url: '/relative' })],
    ['page.a.a.a.a.a.a.a.a.a', githubPage('a/b', { page: nested(11) })],
  ])('names the path %s', async (path, context) => {
    await start([echo]);
    const { errors } = await problem(await post(JSON.stringify(context)));
    expect(errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('takes the last of two fields of one name, everywhere', async () => {
    await start([{ ...echo, run: ({ input }) => ({ insights: [text(JSON.stringify(input.context))] }) }]);
    const response = await post('{"type":"aws","url":"https://a.dev","type":"github","url":"https://github.com/a"}');
    expect(await response.json()).toMatchObject({ data: [text('{"type":"github","url":"https://github.com/a"}')] });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    '%s is a 415',
    async (type) => {
      await start([echo]);
      const response = await post('{}', { 'content-type': type });
      expect((await problem(response)).status).toBe(415);
    },
  );
});

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
    const response = await fetch(`${company.gateway.url}/context`, {
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

describe('what is not there', () => {
  it('is a 404', async () => {
    await start([]);
    for (const path of ['/nothing', '/context/', '/../../etc/passwd', '/assets/..%2f..%2fetc/passwd', '/.env'])
      expect((await problem(await get(path, authorized))).status).toBe(404);
  });

  it('is a 405 where another method would do', async () => {
    await start([]);
    const response = await get('/context', authorized);
    expect((await problem(response)).status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('is a problem document for an address that cannot be read, too', async () => {
    await start([]);
    expect((await problem(await get('/%zz'))).status).toBe(400);
  });
});

describe('a fault of ours', () => {
  it('gives a fixed sentence and an id that the log knows', async () => {
    await start([
      {
        ...echo,
        fits: () => {
          throw new Error('password=hunter2');
        },
      },
    ]);
    const { detail, id, status } = await problem(await post(JSON.stringify(githubPage('a/b'))));
    expect(status).toBe(500);
    expect(detail).not.toContain('hunter2');
    expect(company.log.lines.some((line) => line.includes(id!))).toBe(true);
  });

  it('is a 503 when the registry is not there', async () => {
    await start([
      {
        ...echo,
        fits: () => {
          throw new Fault('bus.nobody_answers', 'nobody at 10.0.0.7');
        },
      },
    ]);
    const response = await post(JSON.stringify(githubPage('a/b')));
    expect(response.status).toBe(503);
    expect((await problem(response)).detail).not.toContain('10.0.0.7');
  });
});

describe('other origins', () => {
  const preflight = (origin: string, path = '/context') =>
    get(
      path,
      {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
      'OPTIONS',
    );
  const allowed = async (origin: string, path?: string) =>
    (await preflight(origin, path)).headers.get('access-control-allow-origin') === origin;
  const catalogue = { customDomains: ['https://wiki.acme.dev'] };

  it('that are sites in service may ask, without a token for the preflight', async () => {
    await start([], {}, { catalogue });
    const response = await preflight('https://github.com');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toBe(
      'Authorization, Content-Type, Accept, Traceparent',
    );
    for (const origin of [
      'https://github.com',
      'https://console.aws.amazon.com',
      'https://eu-west-1.console.aws.amazon.com',
      'https://wiki.acme.dev',
      'chrome-extension://abcdefghijklmnop',
      'moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc',
    ])
      expect([origin, await allowed(origin)]).toEqual([origin, true]);
  });

  it('that only look alike may not', async () => {
    await start([], {}, { catalogue });
    for (const origin of [
      'https://evil.example',
      'http://github.com',
      'https://github.com.evil.example',
      'https://notgithub.com',
      'https://evil.example/.console.aws.amazon.com',
      'https://a.b.console.aws.amazon.com',
      'https://consoleXaws.amazon.com',
      'null',
    ])
      expect([origin, await allowed(origin)]).toEqual([origin, false]);
  });

  it('may not when their site is not in service', async () => {
    await start([], { FINGERPOST_SITES: 'aws' }, { catalogue });
    expect(await allowed('https://github.com')).toBe(false);
    expect(await allowed('https://wiki.acme.dev')).toBe(false);
    expect(await allowed('https://eu-west-1.console.aws.amazon.com')).toBe(true);
  });

  it('may read what the extension needs to start from anywhere, with a token', async () => {
    await start([]);
    expect(await allowed('https://anywhere.example', '/config')).toBe(true);
    const response = await get('/custom-domains', { ...authorized, origin: 'https://anywhere.example' });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://anywhere.example');
    expect((await get('/config', { origin: 'https://anywhere.example' })).status).toBe(401);
  });

  it('get errors that their scripts can read', async () => {
    await start([]);
    const response = await post('{', { origin: 'https://github.com' });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://github.com');
  });
});

describe('what the extension asks for', () => {
  it('has ToolJump’s shapes', async () => {
    await start(
      [],
      { FINGERPOST_SITES: 'github,generic', FINGERPOST_SITE_PARTS_OFF: 'github.actions' },
      { catalogue: { customDomains: ['https://wiki.acme.dev'] } },
    );
    expect(await (await get('/config', authorized)).json()).toEqual({
      adapters: [
        {
          name: 'github',
          enabled: true,
          urls: ['https://github.com'],
          description: expect.any(String),
          partsOff: ['github.actions'],
        },
        {
          name: 'aws',
          enabled: false,
          urls: expect.arrayContaining(['https://*.console.aws.amazon.com']),
          description: expect.any(String),
          partsOff: [],
        },
        {
          name: 'gitlab',
          enabled: false,
          urls: ['https://gitlab.com'],
          description: expect.any(String),
          partsOff: [],
        },
        { name: 'generic', enabled: true, urls: [], description: expect.any(String), partsOff: [] },
      ],
      customDomains: ['https://wiki.acme.dev'],
      timestamp: expect.any(String),
    });
    expect(await (await get('/custom-domains', authorized)).json()).toEqual({
      hosts: ['https://wiki.acme.dev'],
      count: 1,
      timestamp: expect.any(String),
    });
    expect(await (await get('/catalogue', authorized)).json()).toEqual({
      epoch: 1,
      entries: [],
      customDomains: ['https://wiki.acme.dev'],
    });
  });
});

describe('for whoever runs it', () => {
  it('says whether it is alive and ready', async () => {
    await start([]);
    expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/health/ready')).json()).toEqual({
      status: 'ok',
      checks: { registry: 'ok', secrets: 'ok', 'secret store': 'ok' },
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

describe('the web pages', () => {
  const build = async () => {
    const pages = await mkdtemp(join(tmpdir(), 'fingerpost-pages-'));
    await mkdir(join(pages, 'assets'));
    await writeFile(join(pages, 'index.html'), '<!doctype html><title>try</title>');
    await writeFile(join(pages, 'assets', 'main-abc123.js'), 'export {}');
    return pages;
  };

  it('are served without a token; hashed files may be kept for good', async () => {
    await start([], {}, { pages: await build() });
    const page = await get('/');
    expect(await page.text()).toContain('<title>try</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect((await get('/assets/main-abc123.js')).headers.get('cache-control')).toContain('immutable');
    expect((await problem(await get('/assets/other.js'))).status).toBe(404);
  });

  it('that were not built say so', async () => {
    await start([], {}, { pages: '/nowhere' });
    expect(await (await get('/')).text()).toContain('npm run build');
  });
});

describe('a connection that misbehaves', () => {
  const raw = (sent: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(company.gateway.url).port), '127.0.0.1', () => socket.write(sent));
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

  it('that says its length twice gets a 400', async () => {
    await start([]);
    expect(await raw('POST /context HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}')).toMatch(
      /^HTTP\/1.1 400/,
    );
  });
});
