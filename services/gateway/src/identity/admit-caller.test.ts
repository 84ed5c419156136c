import { request as ask } from 'node:http';
import { type FakeCompany, startCompany, TOKEN } from '../testing/fake-services.ts';

let company: FakeCompany;
afterEach(() => company?.close());

/** What a caller is told who says such things of where it comes from. */
function statusFor(path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${TOKEN}`, ...headers };
    ask(company.gateway.url + path, { headers: all }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('allowed addresses', () => {
  it('let nobody in from elsewhere, whatever they show or say; probes are answered', async () => {
    company = await startCompany([], { FINGERPOST_ALLOWED_ADDRESSES: '10.0.0.0/8' });
    const lies: Record<string, string>[] = [
      {},
      { 'x-forwarded-for': '10.0.0.1' },
      { forwarded: 'for=10.0.0.1' },
      { 'x-real-ip': '10.0.0.1' },
    ];
    for (const headers of lies)
      for (const path of ['/config', '/docs', '/', '/sign-in', '/account'])
        expect([path, await statusFor(path, headers)]).toEqual([path, 403]);
    expect(await statusFor('/health/live')).toBe(200);
  });

  it('are those of callers behind a proxy that is trusted, as that says them last', async () => {
    company = await startCompany([], {
      FINGERPOST_ALLOWED_ADDRESSES: '10.0.0.0/8',
      FINGERPOST_TRUSTED_PROXIES: '127.0.0.1,192.0.2.0/24',
    });
    const from = (addresses: string) => statusFor('/config', { 'x-forwarded-for': addresses });
    expect(await from('10.0.0.1')).toBe(200);
    expect(await from('10.0.0.1, 192.0.2.7')).toBe(200);
    expect(await from('203.0.113.9')).toBe(403);
    // What a caller puts in front of what the proxy adds.
    expect(await from('10.0.0.1, 203.0.113.9')).toBe(403);
    expect(await from('10.0.0.1, 203.0.113.9, 192.0.2.7')).toBe(403);
  });
});
