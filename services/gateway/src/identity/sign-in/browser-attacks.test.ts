import { request as ask } from 'node:http';
import { Browser, type Page } from '../../testing/browser.ts';
import { choose, type SignInCompany, startSignInCompany } from '../../testing/sign-in-company.ts';
import { ownAddress } from './sign-in.ts';

let company: SignInCompany;
beforeAll(async () => {
  company = await startSignInCompany();
});
afterAll(() => company.close());

/** Goes through the sign-in up to the address that the provider sends back to, and does not open it. */
async function upToCallback(who: string, browser = new Browser()): Promise<{ callback: string; browser: Browser }> {
  const { url } = company.gateway;
  let page: Page = await browser.ask(`${company.origin}/sign-in`);
  for (let hops = 0; hops < 10; hops++) {
    const next = page.response.headers.get('location');
    if (next?.startsWith(`${company.origin}/sign-in/company/callback`)) return { callback: next, browser };
    if (next !== null) page = await browser.ask(new URL(next, page.url).href);
    else {
      const action = new URL(/action="(\/interaction\/[^"]+)"/.exec(page.text)![1]!, page.url).href;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      page = await browser.ask(action, { method: 'POST', body: `sub=${who}`, headers });
    }
  }
  throw new Error(`never came back to ${url}`);
}

describe('somebody else’s answer', () => {
  it('signs nobody in who opens it: the attacker’s account stays the attacker’s (login CSRF)', async () => {
    const { callback } = await upToCallback('ada');
    const victim = new Browser();
    const page = await victim.open(callback);
    expect(page.response.status).toBe(403);
    expect(victim.cookies(company.origin).fingerpost).toBeUndefined();
  });

  it('does not take the place of the answer that a browser waits for', async () => {
    const { callback } = await upToCallback('ada');
    const victim = new Browser();
    await victim.ask(`${company.origin}/sign-in`);
    expect((await victim.open(callback)).response.status).toBe(403);
  });

  it('does not fit into another browser’s sign-in (code injection, PKCE)', async () => {
    const stolen = new URL((await upToCallback('ada')).callback).searchParams.get('code')!;
    const mine = await upToCallback('ben');
    const url = new URL(mine.callback);
    url.searchParams.set('code', stolen);
    const page = await mine.browser.open(url.href);
    expect(page.response.status).toBe(403);
    expect(mine.browser.cookies(company.origin).fingerpost).toBeUndefined();
  });

  it('counts once, with the browser’s own cookie put back too (code replay)', async () => {
    const { callback, browser } = await upToCallback('ben');
    const held = browser.cookies(company.origin);
    expect((await browser.open(callback)).response.status).not.toBe(403);
    expect((await browser.open(callback)).response.status).toBe(403);
    const thief = new Browser();
    for (const [name, value] of Object.entries(held)) thief.setCookie(company.origin, name, value);
    expect((await thief.open(callback)).response.status).toBe(403);
    expect(thief.cookies(company.origin).fingerpost).toBeUndefined();
  });
});

describe('a session', () => {
  it('is always a new one: who planted a cookie before knows nothing after (fixation)', async () => {
    const { browser: attacker } = await company.signIn('ada');
    const planted = attacker.cookies(company.origin).fingerpost!;
    const victim = new Browser();
    victim.setCookie(company.origin, 'fingerpost', planted);
    await company.signIn('ben', victim);
    expect(victim.cookies(company.origin).fingerpost).not.toBe(planted);
    expect((await attacker.open(`${company.origin}/config`)).response.status).toBe(401);
  });

  it('is none where two cookies claim to be it', async () => {
    const { browser } = await company.signIn('ben');
    const { fingerpost } = browser.cookies(company.origin);
    const cookie = `fingerpost=${'x'.repeat(43)}; fingerpost=${fingerpost}`;
    expect((await fetch(`${company.origin}/config`, { headers: { cookie } })).status).toBe(401);
  });

  it('is not guessed, whatever stands in its place', async () => {
    for (const value of ['', 'x', 'x'.repeat(43), '%00', '../../etc/passwd', '__proto__', 'a'.repeat(8_000)])
      expect((await fetch(`${company.origin}/config`, { headers: { cookie: `fingerpost=${value}` } })).status).toBe(
        401,
      );
  });

  it.each([
    ['another site', 'https://evil.example', {}],
    ['a sister host', 'http://evil.localhost', { 'sec-fetch-site': 'same-site' }],
    ['nobody in particular', 'null', {}],
  ])('changes nothing for a page of %s (CSRF)', async (_who, origin, more) => {
    const { browser } = await company.signIn('ben');
    const { fingerpost } = browser.cookies(company.origin);
    const headers = { cookie: `fingerpost=${fingerpost}`, origin, ...more };
    for (const [method, path] of [
      ['POST', '/account/tokens'],
      ['POST', '/sign-out'],
      ['POST', '/context'],
      ['DELETE', '/account/sessions/x'],
    ] as const) {
      const body = path === '/account/tokens' || path === '/context' ? '{"name":"mine"}' : undefined;
      const type = body && { 'content-type': 'application/json' };
      const response = await fetch(company.origin + path, { method, headers: { ...headers, ...type }, body });
      expect(response.status).toBe(403);
    }
    expect((await browser.open(`${company.origin}/config`)).response.status).toBe(200);
  });

  it('is read by no script of another origin', async () => {
    const { browser } = await company.signIn('ben');
    const { fingerpost } = browser.cookies(company.origin);
    const headers = { cookie: `fingerpost=${fingerpost}`, origin: 'https://evil.example' };
    const response = await fetch(`${company.origin}/account`, { headers });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    const forExtensions = await fetch(`${company.origin}/account`, {
      headers: { cookie: `fingerpost=${fingerpost}`, origin: `chrome-extension://${'a'.repeat(32)}` },
    });
    expect(forExtensions.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('where one comes back to', () => {
  const origin = 'https://fingerpost.acme.dev';

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/..//evil.example',
    '/%2e%2e//evil.example',
    'javascript:alert(1)',
    ' //evil.example',
    'https:evil.example',
    '@evil.example',
    '.evil.example',
    undefined,
    '',
    `/${'x'.repeat(3_000)}`,
  ])('%j leads nowhere else', (returnTo) => {
    expect(new URL(ownAddress(returnTo, origin)).origin).toBe(origin);
    expect(new URL(ownAddress(returnTo, origin)).pathname).not.toMatch(/^\/\//);
  });

  it.each(['/account', '/docs?x=1#y', '/'])('%s is kept', (returnTo) => {
    expect(ownAddress(returnTo, origin)).toBe(origin + returnTo);
  });

  it('is ours after a real sign-in, whatever was asked for', async () => {
    const browser = new Browser();
    const page = await choose(browser, `${company.origin}/sign-in?return_to=//evil.example/steal`, 'ben');
    expect(new URL(page.url).origin).toBe(company.origin);
    expect(browser.history.filter((url) => url.includes('evil') && !url.startsWith(company.origin))).toEqual([]);
  });
});

describe('what is secret', () => {
  it('stands in no address, referrer, page or log', async () => {
    const { browser, page } = await company.signIn('ben');
    const { fingerpost } = browser.cookies(company.origin);
    expect(browser.history.join()).not.toContain(fingerpost);
    expect(page.response.headers.get('referrer-policy')).toBe('no-referrer');
    const states = browser.history.flatMap((url) => new URL(url).searchParams.get('state') ?? []);
    const codes = browser.history.flatMap((url) => new URL(url).searchParams.get('code') ?? []);
    const log = company.log.lines.join('\n') + JSON.stringify(company.audit);
    for (const secret of [fingerpost!, ...states, ...codes]) expect(log).not.toContain(secret);
  });

  it('is not in the log after a refusal either', async () => {
    const { callback } = await upToCallback('ada');
    await new Browser().open(callback);
    const { searchParams } = new URL(callback);
    const log = company.log.lines.join('\n');
    expect(log).toContain('a sign-in failed');
    for (const name of ['code', 'state']) expect(log).not.toContain(searchParams.get(name));
  });
});

describe('what a client says of itself', () => {
  const beginWith = (headers: Record<string, string>) =>
    new Promise<string>((resolve, reject) => {
      ask(`${company.gateway.url}/sign-in/company`, { headers }, (response) => {
        response.resume();
        resolve(response.headers.location ?? '');
      })
        .on('error', reject)
        .end();
    });

  it('does not move where the provider sends people back to (Host, X-Forwarded-Host)', async () => {
    const { host } = new URL(company.origin);
    expect(await beginWith({ host: host.replace('localhost', '127.0.0.1') })).toBe(`${company.origin}/sign-in/company`);
    for (const headers of [
      { 'x-forwarded-host': 'evil.example', host },
      { forwarded: 'host=evil.example', host },
    ]) {
      const location = await beginWith(headers);
      expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${company.origin}/sign-in/company/callback`);
    }
    const elsewhere = await beginWith({ host: 'evil.example' });
    expect(elsewhere).not.toContain('redirect_uri=http%3A%2F%2Fevil');
  });
});

describe('guessing', () => {
  it('is stopped after a few tries from one address, whatever it says its address is', async () => {
    const guessed = await startSignInCompany({ FINGERPOST_RATE_LIMIT: '4' });
    const statuses = [];
    for (let n = 0; n < 6; n++) {
      const headers = { cookie: `fingerpost=${String(n).repeat(43)}`, 'x-forwarded-for': `10.0.0.${n}` };
      statuses.push((await fetch(`${guessed.origin}/config`, { headers })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
    expect((await fetch(`${guessed.origin}/sign-in`)).status).toBe(429);
    await guessed.close();
  });
});
