import { findServer } from '@fingerpost/platform/testing';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { describeWithCompose } from './describe-with-compose.ts';
import { type Ground, prepareGround } from './src/testing/ground.ts';
import { until } from './src/testing/until.ts';

const program = findServer('chromium');

describeWithCompose('docker-compose.yml with development.yml', () => {
  let ground: Ground;
  let browser: Browser;
  let origin: string;
  beforeAll(async () => {
    ground = await prepareGround(10, { files: ['deploy/compose/development.yml'], hosts: ['people.localhost'] });
    origin = `https://localhost:${ground.deployment.port}`;
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await ground?.close();
  }, 120_000);

  const newContext = () => browser.newContext({ ignoreHTTPSErrors: true }); // the authority is the deployment's own
  async function signIn(who: RegExp, context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await newContext())).newPage();
    await page.goto(`${origin}/sign-in?return_to=/me`);
    await page.getByRole('button', { name: who }).click();
    await page.waitForURL(`${origin}/me`);
    return page;
  }
  const account = (page: Page) =>
    page.evaluate(async () => {
      const response = await fetch('/account');
      return response.ok ? ((await response.json()) as { email: string; roles: string[] }) : response.status;
    });

  it('says plainly what it is', async () => {
    const page = await (await newContext()).newPage();
    await page.goto(`${origin}/sign-in`);
    await page.getByRole('alert').getByText('Development only').waitFor();
    expect(new URL(page.url()).origin).toBe('https://people.localhost:8444');
  });

  it('signs in two people, each with the roles of their groups', async () => {
    const [ada, ben] = [await signIn(/Ada/), await signIn(/Ben/)];
    expect(await account(ada)).toMatchObject({ email: 'ada@example.com', roles: expect.arrayContaining(['admin']) });
    expect(await account(ben)).toMatchObject({ email: 'ben@example.com', roles: ['viewer', 'author'] });
  });

  it.each([
    ['is restarted', ['restart', 'redis']],
    ['is killed', ['kill', 'redis']],
  ])(
    'keeps people signed in where the container of Redis %s, and gateways with it',
    async (_how, command) => {
      const page = await signIn(/Ben/);
      await page.waitForTimeout(1_500); // a second of what was written last may be lost
      await ground.deployment.compose('stop', 'gateway');
      await ground.deployment.compose(...command);
      await ground.deployment.compose('up', '--detach');
      await until(async () => (await page.goto(`${origin}/health/ready`))!.ok());
      await page.goto(`${origin}/me`);
      expect(await account(page)).toMatchObject({ email: 'ben@example.com' });
    },
    120_000,
  );
}, ['chromium']);
