import { authorized, edgeUnderTest } from '../testing/edge-under-test.ts';

const { get, post, start } = edgeUnderTest();

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
