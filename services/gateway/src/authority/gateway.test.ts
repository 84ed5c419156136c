// The authorization server within the whole gateway: what its other parts add, and what must not get into the log.

import { Program } from '../testing/authority-server.ts';
import { type FakeCompany, githubPage, startCompany, text } from '../testing/fake-services.ts';

let company: FakeCompany;
beforeAll(async () => {
  company = await startCompany([{ name: 'echo', run: () => ({ insights: [text('here')] }) }]);
});
afterAll(() => company.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${company.gateway.url}${path}`, { redirect: 'manual', headers });

describe('in the gateway, the authorization server', () => {
  it('is not asked for tokens in public caches, frames or referrers', async () => {
    const { headers } = await get('/device', { accept: 'text/html' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.getSetCookie().every((cookie) => /httponly/i.test(cookie) && /samesite=lax/i.test(cookie))).toBe(
      true,
    );
  });

  it.each(['eyJ', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.', `eyJ${'x'.repeat(7_000)}`])(
    'lets nobody in by %.40s',
    async (token) => {
      expect((await company.ask(githubPage('acme/webshop'), { token })).status).toBe(401);
    },
  );

  it('writes no code, token or verifier into the log, whatever goes wrong', async () => {
    const program = new Program(company.gateway.url);
    const secrets = ['a-code-that-is-none', 'a.refresh.token', program.verifier];
    await program.redeem(secrets[0]!);
    await program.refresh(secrets[1]!);
    await get(`/oauth/authorize?code=${secrets[0]}&client_id=x`);
    for (const secret of secrets) expect(company.log.lines.join()).not.toContain(secret);
  });

  it('says in a page of ours that an extension is not known, and where it would be named', async () => {
    const program = new Program(company.gateway.url, undefined, `https://${'p'.repeat(32)}.chromiumapp.org/`);
    const response = await get(program.address(), { accept: 'text/html' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('FINGERPOST_EXTENSIONS');
  });

  it('reads no body larger than a form', async () => {
    const body = new URLSearchParams({ client_id: 'fingerpost-cli', refresh_token: 'x'.repeat(200_000) });
    const response = await fetch(`${company.gateway.url}/oauth/token`, { method: 'POST', body });
    expect(response.status).toBe(400);
  });

  it('knows an extension’s id when it sees one', async () => {
    const start = (ids: string) => startCompany([], { FINGERPOST_EXTENSIONS: ids });
    await expect(start('https://evil.dev')).rejects.toThrow('FINGERPOST_EXTENSIONS');
    await expect(start('ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP')).rejects.toThrow('FINGERPOST_EXTENSIONS');
  });
});
