import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../../testing/browser.ts';
import { githubPage, text } from '../../testing/fake-services.ts';
import { type SignInCompany, startSignInCompany } from '../../testing/sign-in-company.ts';

interface Account {
  subject: string;
  email: string;
  roles: string[];
  groups: string[];
  sessions: { id: string; device: string; isThisOne: boolean }[];
  tokens: { id: string; name: string; token?: string; lastUsedAt?: string }[];
}

let company: SignInCompany;
let groupsAsked: string[] = [];
let ben: Browser;
let ada: Browser;
beforeAll(async () => {
  company = await startSignInCompany({}, [
    {
      name: 'who',
      scope: 'user',
      cacheSeconds: 0,
      fits: ({ groups }) => {
        groupsAsked = groups;
        return true;
      },
      run: () => ({ insights: [text('here')] }),
    },
  ]);
});
afterAll(() => company.close());
beforeEach(async () => {
  ben = (await company.signIn('ben')).browser;
  ada = (await company.signIn('ada')).browser;
  company.audit.length = 0;
});

const account = async (browser: Browser): Promise<Account> =>
  (await (await browser.script(`${company.origin}/account`)).json()) as Account;
const ask = (browser: Browser, method: string, path: string, body?: object) =>
  browser.script(company.origin + path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const withToken = (token: string, path = '/config', method = 'GET') =>
  fetch(company.origin + path, { method, headers: { authorization: `Bearer ${token}` } });
const made = async (browser: Browser, wanted: object = { name: 'script' }) => {
  const response = await ask(browser, 'POST', '/account/tokens', wanted);
  return { status: response.status, ...((await response.json()) as { id: string; token: string }) };
};

describe('my account', () => {
  it('says who I am, what I may do, and where I am signed in', async () => {
    expect(await account(ben)).toMatchObject({
      subject: expect.stringMatching(/^person:/),
      email: 'ben@example.com',
      groups: ['engineers'],
      roles: ['viewer', 'author'],
    });
    expect((await account(ada)).roles).toEqual(['viewer', 'author', 'admin']);
    const { sessions } = await account(ben);
    expect(sessions.find(({ isThisOne }) => isThisOne)).toMatchObject({ device: 'Firefox on Linux' });
  });

  it('ends a session on another device, at once', async () => {
    const other = (await company.signIn('ben')).browser;
    const { id } = (await account(other)).sessions.find(({ isThisOne }) => isThisOne)!;
    expect((await ask(ben, 'DELETE', `/account/sessions/${id}`)).status).toBe(204);
    expect((await other.open(`${company.origin}/config`)).response.status).toBe(401);
    expect((await ben.open(`${company.origin}/config`)).response.status).toBe(200);
  });

  it('ends no session of somebody else', async () => {
    const { id } = (await account(ada)).sessions[0]!;
    expect((await ask(ben, 'DELETE', `/account/sessions/${id}`)).status).toBe(404);
    expect((await ada.open(`${company.origin}/config`)).response.status).toBe(200);
  });

  it('tells integrations of scope "user" who looks, and their groups to the registry', async () => {
    const asked = await ask(ben, 'POST', '/context', githubPage('acme/webshop'));
    expect(asked.status).toBe(200);
    const { subject } = await account(ben);
    const claims = JSON.parse(Buffer.from(company.runs.at(-1)!.ticket.split('.')[1]!, 'base64url').toString());
    expect(claims.viewerScope).toBe(subject);
    expect(groupsAsked).toEqual(['engineers']);
  });
});

describe('my tokens', () => {
  it('are shown once, known by their hash, and good for what they were made for', async () => {
    const { status, id, token } = await made(ben);
    expect(status).toBe(201);
    expect((await withToken(token)).status).toBe(200);
    const { tokens } = await account(ben);
    const kept = tokens.find((one) => one.id === id)!;
    expect(kept).toMatchObject({ name: 'script', lastUsedAt: expect.any(String) });
    expect(JSON.stringify(tokens)).not.toContain(token);
    expect(company.audit.map(({ action }) => action)).toContain('token.made');
    expect(JSON.stringify([company.audit, company.log.lines])).not.toContain(token);
  });

  it('end at once', async () => {
    const { id, token } = await made(ben);
    await withToken(token);
    expect((await ask(ben, 'DELETE', `/account/tokens/${id}`)).status).toBe(204);
    expect((await withToken(token)).status).toBe(401);
  });

  it('are not ended by somebody else', async () => {
    const { id, token } = await made(ben);
    expect((await ask(ada, 'DELETE', `/account/tokens/${id}`)).status).toBe(404);
    expect((await withToken(token)).status).toBe(200);
  });

  it('have no role that their owner does not have, and none that they were not given', async () => {
    expect((await made(ben, { name: 'x', roles: ['admin'] })).status).toBe(403);
    const plain = await made(ada);
    expect((await withToken(plain.token, '/admin/people')).status).toBe(403);
    const admin = await made(ada, { name: 'export', roles: ['admin'], days: 1 });
    expect((await withToken(admin.token, '/admin/people')).status).toBe(200);
  });

  it('make no tokens, end no sessions, and see no account', async () => {
    const { token } = await made(ada, { name: 'export', roles: ['admin'] });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = '{"name":"another"}';
    expect((await fetch(`${company.origin}/account/tokens`, { method: 'POST', headers, body })).status).toBe(403);
    expect((await withToken(token, '/account')).status).toBe(403);
  });

  it('are never taken from a cookie beside a wrong token', async () => {
    const { fingerpost } = ben.cookies(company.origin);
    const headers = { authorization: 'Bearer wrong', cookie: `fingerpost=${fingerpost}` };
    expect((await fetch(`${company.origin}/config`, { headers })).status).toBe(401);
  });

  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
    [{ name: 'x', days: 0 }, 'days'],
    [{ name: 'x', days: 366 }, 'days'],
    [{ name: 'x', days: 1.5 }, 'days'],
    [{ name: 'x', roles: [] }, 'roles'],
    [{ name: 'x', roles: ['root'] }, 'roles'],
    [{ name: 'x', roles: 'admin' }, 'roles'],
    [{ name: 'x', owner: 'person:ada' }, 'owner'],
  ])('are not made of %j', async (wanted, path) => {
    const response = await ask(ben, 'POST', '/account/tokens', wanted);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ path }] });
  });
});

describe('administrators', () => {
  it.each(['people', 'sessions', 'tokens', 'audit', 'audit/export', 'access-review'])(
    'alone see /admin/%s; who else tries is in the audit trail',
    async (what) => {
      expect((await ben.open(`${company.origin}/admin/${what}`)).response.status).toBe(403);
      await sleep(20);
      expect(company.audit).toMatchObject([
        { action: 'access.refused', target: `GET /admin/${what}`, actor: (await account(ben)).subject },
      ]);
      expect((await fetch(`${company.origin}/admin/${what}`)).status).toBe(401);
    },
  );

  it('end sessions and tokens of others, and the trail has it first', async () => {
    const { token, id } = await made(ben);
    await withToken(token);
    const session = (await account(ben)).sessions.find(({ isThisOne }) => isThisOne)!;
    company.audit.length = 0;
    expect((await ask(ada, 'DELETE', `/admin/tokens/${id}`)).status).toBe(204);
    expect((await ask(ada, 'DELETE', `/admin/sessions/${session.id}`)).status).toBe(204);
    expect((await withToken(token)).status).toBe(401);
    expect((await ben.open(`${company.origin}/config`)).response.status).toBe(401);
    expect(company.audit).toMatchObject([
      { action: 'token.ended', target: `token:${id}`, actor: (await account(ada)).subject },
      { action: 'session.ended', target: `session:${session.id}` },
    ]);
  });

  it('close an account: sessions and tokens end, and there is no way in until it is opened again', async () => {
    const { token } = await made(ben);
    const { subject } = await account(ben);
    expect((await ask(ada, 'PUT', `/admin/people/${subject}/block`)).status).toBe(204);
    expect((await withToken(token)).status).toBe(401);
    expect((await ben.open(`${company.origin}/config`)).response.status).toBe(401);
    const { page } = await company.signIn('ben');
    expect(page.response.status).toBe(403);
    expect(page.text).toContain('closed this account');
    expect((await ask(ada, 'DELETE', `/admin/people/${subject}/block`)).status).toBe(204);
    expect((await company.signIn('ben')).page.response.status).toBe(200);
    expect((await withToken(token)).status).toBe(401);
  });

  it('do not lock themselves out', async () => {
    const { subject } = await account(ada);
    expect((await ask(ada, 'PUT', `/admin/people/${subject}/block`)).status).toBe(400);
  });

  it('review who may do what, in a table that is no formula for a spreadsheet', async () => {
    const { sessions, tokens } = await account(ben);
    const { text } = await ada.open(`${company.origin}/admin/access-review`);
    const [head, first, second] = text.split('\r\n').map((line) => line.split(','));
    const ofBen = Object.fromEntries(head!.map((name, at) => [JSON.parse(name), JSON.parse(second![at]!)]));
    expect(head!.join()).toContain('"viewer","author","approver","operator","admin"');
    expect(first).toContain('"ada@example.com"');
    expect(ofBen).toMatchObject({ email: 'ben@example.com', viewer: 'yes', author: 'yes', admin: '', blocked: '' });
    expect(Date.now() - Date.parse(ofBen['last used'])).toBeLessThan(60_000);
    expect([ofBen.sessions, ofBen.tokens].map(Number)).toEqual([sessions.length, tokens.length]);
    expect(text).not.toMatch(/"[=+@]/);
  });

  it('read the trail page by page, with the names of people in it', async () => {
    const asked: object[] = [];
    const { subject } = await account(ben);
    const rows = [{ seq: 3, event: { actor: subject, target: 'person:nobody' } }];
    company.bus.answer('registry.audit', 'registry', async ({ message }) => {
      asked.push(message as object);
      return { rows };
    });
    const get = (query: string) => ada.open(`${company.origin}/admin/audit${query}`);
    expect(JSON.parse((await get('?before=9&limit=900&action=token.made&search=x')).text)).toEqual({
      rows,
      names: { [subject]: 'ben@example.com' },
    });
    expect(asked).toEqual([{ before: 9, limit: 200, action: 'token.made', search: 'x' }]);
    for (const wrong of ['?before=x', '?actor=a&actor=b', `?search=${'x'.repeat(201)}`])
      expect((await get(wrong)).response.status).toBe(400);
    expect((await ada.open(`${company.origin}/admin/audit/export`)).text).toBe(`${JSON.stringify(rows[0])}\n`);
  });

  it('find people, sessions and tokens in long lists', async () => {
    await made(ben, { name: 'nightly report' });
    const find = async (what: string, search: string) =>
      JSON.parse((await ada.open(`${company.origin}/admin/${what}?search=${encodeURIComponent(search)}`)).text);
    expect(await find('people', 'engineer BEN')).toMatchObject({ total: 1, rows: [{ email: 'ben@example.com' }] });
    expect(await find('people', 'platform')).toMatchObject({ total: 1, rows: [{ email: 'ada@example.com' }] });
    const { rows } = await find('sessions', 'ben firefox');
    expect(rows[0]).toMatchObject({ device: 'Firefox on Linux', person: { email: 'ben@example.com' } });
    expect(await find('tokens', 'ben@example.com nightly')).toMatchObject({
      ...{ total: 1, page: 1, pages: 1 },
      rows: [{ name: 'nightly report', ownerName: 'ben@example.com' }],
    });
  });
});
