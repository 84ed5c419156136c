// The built page in a real browser, against a small gateway that streams when the test says so.
import { execFile } from 'node:child_process';
import { accessSync, appendFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Insight, Viewer } from '@fingerpost/contracts';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const TOKEN = 'fp_test';
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const consoleFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = findChromium();

(program === undefined ? describe.skip : describe)('the try page in Chromium', () => {
  let folder: string;
  let browser: Browser;
  let gateway: SmallGateway;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-console-'));
    const vite = join(consoleFolder, '../node_modules/vite/bin/vite.js');
    const options = ['build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
    await promisify(execFile)(process.execPath, [vite, ...options], { cwd: consoleFolder });
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    gateway = await SmallGateway.start(folder);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    complaints.length = 0;
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on(
      'console',
      (message) => message.text().includes('Content Security Policy') && complaints.push(message.text()),
    );
  });
  afterEach(async () => {
    await page.close();
    gateway.stop();
    expect(complaints).toEqual([]);
  });

  const open = () => page.goto(`${gateway.url}/#token=${TOKEN}`);
  const chip = (text: string) => page.locator('.chip', { hasText: text });
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent);

  it('takes the token out of the address and sends it as a header only', async () => {
    await open();
    await chip('Team Checkout').waitFor();
    expect(page.url()).toBe(`${gateway.url}/`);
    expect(gateway.asked.every(({ url }) => !url.includes(TOKEN))).toBe(true);
  });

  it('asks for the token, and again when it is refused', async () => {
    await page.goto(gateway.url);
    await page.getByLabel('Paste the API token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByLabel('The gateway refused that token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await chip('Team Checkout').waitFor();
  });

  it('needs no token from whoever is signed in, and sends none', async () => {
    gateway.person = { subject: 'person:ada', email: 'ada@example.com', groups: [], roles: ['viewer'] };
    await open();
    await chip('Team Checkout').waitFor();
    expect(await page.getByLabel(/token/).count()).toBe(0);
    expect(gateway.asked.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    expect(await page.getByRole('link', { name: 'ada@example.com' }).getAttribute('href')).toBe('/me');

    gateway.person = undefined;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${gateway.url}/#signed-out`);
  });

  it('offers to sign in where somebody can', async () => {
    await page.goto(gateway.url);
    await page.getByLabel('Paste the API token').waitFor();
    expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBe(0);
    gateway.providers = [{ name: 'company', label: 'Company' }];
    await page.reload();
    const link = page.getByRole('link', { name: 'Sign in' });
    expect(await link.getAttribute('href')).toBe('/sign-in?return_to=%2F');
  });

  it('keeps the order of priority and holds a place for the slow one', async () => {
    gateway.hold('owner');
    await open();
    await chip('Environments').waitFor();
    expect(await page.locator('.strip > .chip').first().getAttribute('class')).toContain('skeleton');
    gateway.release('owner');
    await chip('Team Checkout').waitFor();
    expect(await page.locator('.strip > .chip .label').allTextContents()).toEqual([
      'Team Checkout',
      'Environments',
      'flaky',
    ]);
  });

  it('is walked with the arrow keys; a dropdown opens, filters and closes', async () => {
    await open();
    await chip('flaky').waitFor();
    await chip('Team Checkout').focus();
    await page.keyboard.press('End');
    expect(await focused()).toContain('flaky');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('Production EU');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('Production US');
    await page.keyboard.type('stag');
    expect(await page.locator('.panel .row').allTextContents()).toEqual(['Staging']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await page.locator('.panel').count()).toBe(0);
    expect(await focused()).toContain('Environments');
    await page.keyboard.press('Home');
    expect(await focused()).toContain('Team Checkout');
  });

  it('says why one failed and tries that one again', async () => {
    await open();
    await chip('flaky').click();
    await page.getByText('took longer than 5 s').first().waitFor();
    gateway.heal();
    await page.getByRole('button', { name: 'Try again' }).click();
    await chip('recovered').waitFor();
    expect(await focused()).toBe('Team Checkout');
    expect(await chip('Team Checkout').count()).toBe(1);
  });

  it('tells an author where and why, and what to do, where the gateway does', async () => {
    await open();
    await chip('flaky').waitFor();
    expect(await page.getByText('x is undefined').count()).toBe(0);
    gateway.isTelling = true;
    await page.reload();
    await page.getByText('x is undefined').waitFor();
    expect(await page.locator('.why').textContent()).toMatch(
      /flaky\.integration\.ts:6:15 x is undefined\s*Look at x\.\s*version 0a1b2c/,
    );
  });

  it('moves what finds no room into a panel', async () => {
    await page.setViewportSize({ width: 280, height: 700 });
    await open();
    await page.getByRole('button', { name: /more$/ }).click();
    await page.locator('.panel .heading', { hasText: 'Environments' }).waitFor();
    const { x, width } = (await page.locator('.panel').boundingBox())!;
    expect(x >= 0 && x + width <= 280).toBe(true);
  });

  it('sends a context that was changed by hand, and shows what is wrong with it', async () => {
    await open();
    await page.getByLabel('Context as JSON').fill('{ "type": "github" }');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('must be an absolute http or https address').waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds fault with, the bar and an open panel included: %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await open();
      await chip('Environments').click();
      await page.locator('.panel .row').first().waitFor();
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(found).toEqual([]);
    },
  );

  it('asks no more when nobody looks any more, so that a session can end', async () => {
    const looks = () => gateway.asked.filter(({ url }) => url === '/catalogue').length;
    await page.clock.install();
    await open();
    await chip('Team Checkout').waitFor();
    await page.clock.fastForward('16:00');
    const before = looks();
    await page.clock.runFor(30_000);
    expect(looks()).toBe(before);
    await page.mouse.move(200, 200);
    for (let times = 0; times < 20 && looks() === before; times++) await page.clock.runFor(5_000);
    expect(looks()).toBeGreaterThan(before);
  });

  it('lists the catalogue with the place of a fault', async () => {
    await open();
    await page.getByText('broken.integration.js:3:7').waitFor();
  });
});

const environments: Insight = {
  type: 'dropdown',
  content: 'Environments',
  items: ['Production EU', 'Production US', 'Staging'].map((content) => ({
    type: 'link',
    content,
    href: 'https://acme.dev/',
  })),
};
const catalogue = {
  epoch: 1,
  entries: [
    {
      file: 'broken.integration.js',
      secrets: [],
      hosts: [],
      areHostsDerived: false,
      state: 'broken',
      fault: { file: 'broken.integration.js', line: 3, column: 7, message: 'Unexpected token' },
    },
  ],
  customDomains: [],
};

/** Three integrations: `owner` answers when released, `urls` at once, `flaky` fails until healed. */
class SmallGateway {
  readonly asked: { url: string; authorization?: string }[] = [];
  /** who is signed in */
  person?: Viewer;
  providers: { name: string; label: string }[] = [];
  private readonly held = new Map<string, PromiseWithResolvers<void>>();
  private isHealed = false;
  /** whether authors may read on the page what is in the log */
  isTelling = false;
  private readonly server: Server;
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.server = createServer((request, reply) => this.answer(request, reply));
  }

  static async start(folder: string): Promise<SmallGateway> {
    const gateway = new SmallGateway(folder);
    await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  hold = (name: string) => this.held.set(name, Promise.withResolvers());
  release = (name: string) => this.held.get(name)?.resolve();
  heal() {
    this.isHealed = true;
  }
  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, reply: ServerResponse) {
    const url = request.url ?? '';
    const { authorization } = request.headers;
    this.asked.push({ url, authorization });
    if (url === '/providers') return reply.end(JSON.stringify(this.providers));
    if (url === '/sign-out') return reply.end(JSON.stringify({ continueAt: '/#signed-out' }));
    if (!/^\/(context|catalogue|whoami|failures\/.*)$/.test(url)) return this.sendFile(url, reply);
    if (this.person === undefined && authorization !== `Bearer ${TOKEN}`)
      return problem(reply, { status: 401, title: 'Who is it?' });
    if (url === '/whoami') return reply.end(JSON.stringify(this.person));
    if (url === '/catalogue') return reply.end(JSON.stringify(catalogue));
    if (url.startsWith('/failures/')) return this.explain(url.slice('/failures/'.length), reply);
    const context = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    const errors = [{ path: 'url', message: 'must be an absolute http or https address' }];
    if (context.url === undefined) return problem(reply, { status: 400, title: 'Not valid', errors });
    await this.stream(reply);
  }

  private explain(id: string, reply: ServerResponse) {
    if (!this.isTelling) return problem(reply, { status: 403, title: 'In the log alone' });
    const place = { file: 'flaky.integration.ts', line: 6, column: 15 };
    reply.end(JSON.stringify({ id, ...place, version: '0a1b2c', message: 'x is undefined', next: 'Look at x.' }));
  }

  private async stream(reply: ServerResponse) {
    const send = (name: string, data: object) => reply.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    const insight = (integration: string, insight: Insight) =>
      send('insight', { integration, index: 0, insight, isCached: false, isStale: false });
    send('expected', { integrations: ['owner', 'urls', 'flaky'] });
    insight('urls', environments);
    if (this.isHealed) insight('flaky', { type: 'text', content: 'recovered' });
    else send('failure', { integration: 'flaky', id: 'k3f9', reason: 'took longer than 5 s' });
    await this.held.get('owner')?.promise;
    insight('owner', { type: 'link', content: 'Team Checkout', href: 'https://acme.dev/team' });
    send('done', { count: 2, cacheHits: 0, failedCount: 1, tookMs: 1 });
    reply.end();
  }

  private sendFile(url: string, reply: ServerResponse) {
    const file = join(this.folder, url === '/' ? 'index.html' : url);
    reply.setHeader('content-security-policy', CSP);
    reply.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain');
    reply.end(readFileSync(file));
  }
}

function problem(reply: ServerResponse, body: { status: number; title: string; errors?: object[] }) {
  reply.writeHead(body.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}

function findChromium(): string | undefined {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((each) => {
    try {
      accessSync(each);
      return true;
    } catch {
      return false;
    }
  });
  const missing = process.env.FINGERPOST_MISSING_SERVERS;
  if (path === undefined && missing !== undefined) appendFileSync(missing, 'chromium\n');
  return path;
}
