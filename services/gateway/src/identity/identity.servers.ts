import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { Browser } from '../testing/browser.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../testing/redis-server.ts';
import { type SignInCompany, startSignInCompany } from '../testing/sign-in-company.ts';
import { People } from './people/people.ts';
import type { Vouched } from './people/person.ts';
import { Sessions } from './session/sessions.ts';
import { WebSessions } from './session/web-session.ts';
import { EmbeddedStore } from './store/embedded-store.ts';

describeWithRedis('redis-server', () => {
  let redis: TestRedis;
  let one: SignInCompany;
  let other: SignInCompany;
  beforeAll(async () => {
    redis = await startRedis();
    one = await startSignInCompany(redis.env);
    other = await startSignInCompany({ ...redis.env, FINGERPOST_OIDC_COMPANY_ISSUER: one.provider.issuer });
  });
  afterAll(async () => {
    for (const company of [one, other]) await company.close();
    await redis.stop();
  });
  const statusAt = async ({ origin }: SignInCompany, browser: Browser) =>
    (await browser.open(`${origin}/config`)).response.status;
  const untilRefused = async (ask: () => Promise<number>) => {
    const startedAt = performance.now();
    while ((await ask()) === 200) await sleep(20);
    return performance.now() - startedAt;
  };
  const startLimited = (limit: NodeJS.ProcessEnv) => startSignInCompany({ ...redis.env, ...limit });
  const makeToken = async (browser: Browser) => {
    const headers = { 'content-type': 'application/json' };
    const made = await browser.script(`${one.origin}/account/tokens`, {
      method: 'POST',
      body: '{"name":"x"}',
      headers,
    });
    return ((await made.json()) as { token: string }).token;
  };
  const thisSession = async (browser: Browser) => {
    const account = await (await browser.script(`${one.origin}/account`)).json();
    return (account as { sessions: { id: string; isThisOne: boolean }[] }).sessions.find((it) => it.isThisOne)!.id;
  };

  describe('two gateways', () => {
    it('know the same people', async () => {
      const { browser } = await one.signIn('ben');
      expect(await statusAt(other, browser)).toBe(200);
    });

    it('both end what one of them is told to end, within two seconds', async () => {
      const { browser: admin } = await one.signIn('ada');
      const { browser } = await one.signIn('ben');
      expect(await statusAt(other, browser)).toBe(200);
      await admin.script(`${one.origin}/admin/sessions/${await thisSession(browser)}`, { method: 'DELETE' });
      expect(await statusAt(one, browser)).toBe(401);
      expect(await untilRefused(() => statusAt(other, browser))).toBeLessThan(2_000);
    });

    it('both close an account and end its tokens, within two seconds', async () => {
      const { browser: admin } = await one.signIn('ada');
      const { browser } = await one.signIn('ben');
      const token = await makeToken(browser);
      const withToken = async () =>
        (await fetch(`${other.origin}/config`, { headers: { authorization: `Bearer ${token}` } })).status;
      expect(await withToken()).toBe(200);
      expect(await statusAt(other, browser)).toBe(200);
      const { subject } = (await (await browser.script(`${one.origin}/account`)).json()) as { subject: string };
      await admin.script(`${one.origin}/admin/people/${subject}/block`, { method: 'PUT' });
      expect(await untilRefused(() => statusAt(other, browser))).toBeLessThan(2_000);
      expect(await untilRefused(withToken)).toBeLessThan(2_000);
      await admin.script(`${one.origin}/admin/people/${subject}/block`, { method: 'DELETE' });
    });

    it('count what a person, a token and an address ask: each apart, and together at both', async () => {
      const limit = { FINGERPOST_RATE_LIMIT: '100', FINGERPOST_OIDC_COMPANY_ISSUER: one.provider.issuer };
      const [here, there] = [await startLimited(limit), await startLimited(limit)];
      const { browser } = await one.signIn('ben');
      const cookie = `fingerpost=${browser.cookies(one.origin).fingerpost}`;
      const callers = {
        person: { cookie },
        token: { authorization: `Bearer ${await makeToken(browser)}` },
        address: {},
      };
      const leftAt = async ({ origin }: SignInCompany, headers: Record<string, string>) =>
        Number(/r=(\d+)/.exec((await fetch(`${origin}/config`, { headers })).headers.get('ratelimit')!)![1]);
      for (const headers of Object.values(callers)) {
        const before = await leftAt(there, headers);
        expect(before).toBeGreaterThanOrEqual(98);
        for (let n = 0; n < 20; n++) await leftAt(here, headers);
        while ((await leftAt(there, headers)) > before - 20) await sleep(100);
      }
      for (const company of [here, there]) await company.close();
    });

    it('go on for whoever they know while Redis hangs, and say so to whoever they do not', async () => {
      const { browser } = await one.signIn('ben');
      redis.signal('SIGSTOP');
      try {
        expect(await statusAt(one, browser)).toBe(200);
        const stranger = new Browser();
        stranger.setCookie(one.origin, 'fingerpost', 'x'.repeat(43));
        const { response, text } = await stranger.open(`${one.origin}/config`);
        expect(response.status).toBe(503);
        expect(text).toContain('identity.unavailable');
      } finally {
        redis.signal('SIGCONT');
      }
    });
  });
});

describe('10,000 people who are signed in', () => {
  it('cost far less than 0.2 ms each time one of them asks', async () => {
    const store = await EmbeddedStore.open();
    const people = new People(store, ({ groups }) => ({ groups, roles: ['viewer'] }));
    const sessions = new Sessions(store, people);
    const web = new WebSessions(sessions, 'https://fingerpost.acme.dev');
    const requests: FastifyRequest[] = [];
    for (let n = 0; n < 10_000; n++) {
      const vouched: Vouched = {
        provider: 'okta',
        issuer: 'i',
        sub: `${n}`,
        isEmailVerified: true,
        groups: ['a', 'b'],
      };
      const { secret } = await sessions.open(await people.welcome(vouched), { device: 'Firefox' });
      requests.push({ method: 'GET', headers: { cookie: `theme=dark; __Host-fingerpost=${secret}` } } as never);
    }
    const runs: number[] = [];
    for (let run = 0; run < 5; run++) {
      const startedAt = performance.now();
      for (let n = 0; n < 20_000; n++) await web.of(requests[(n * 7_919) % 10_000]!);
      runs.push((performance.now() - startedAt) / 20_000);
    }
    const [least, , median, , most] = runs.toSorted((a, b) => a - b);
    console.info(`verifying a session: ${median!.toFixed(4)} ms (${least!.toFixed(4)} to ${most!.toFixed(4)})`);
    expect(median).toBeLessThan(0.2);
    await store.close();
  });
});
