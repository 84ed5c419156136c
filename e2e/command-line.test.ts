import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Person } from './person.ts';
import { Product } from './product.ts';

const PROGRAM = join(import.meta.dirname, '../packages/cli/dist/main.js');

describe('the command line', () => {
  let product: Product;
  let gateway: string;
  let home: string;

  beforeAll(async () => {
    product = await Product.start({});
    gateway = product.url.replace('127.0.0.1', 'localhost');
    home = await mkdtemp(join(tmpdir(), 'fingerpost-cli-'));
  }, 60_000);
  afterAll(async () => {
    await product?.stop();
    await rm(home, { recursive: true, force: true });
  });

  /** Starts it; `said` grows. */
  const run = (...args: string[]) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env.PATH, XDG_CONFIG_HOME: home, BROWSER: 'true' },
    });
    const running = { said: '', code: once(child, 'close').then(([code]) => code as number) };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (running.said += bytes));
    return running;
  };
  const saying = async (running: { said: string }, what: RegExp) => {
    await product.until(async () => what.test(running.said), 10_000);
    return what.exec(running.said)![1]!;
  };
  const ended = async (...args: string[]) => {
    const running = run(...args);
    return { code: await running.code, said: running.said };
  };

  it('says what to do where nobody is signed in', async () => {
    expect(await ended('whoami', '--gateway', gateway)).toEqual({
      code: 1,
      said: expect.stringContaining('fingerpost login'),
    });
    expect(await ended('login', '--gateway', 'http://localhost:1')).toMatchObject({ code: 1 });
    expect((await ended('login', '--gateway', 'http://fingerpost.acme.dev')).said).toContain('use https');
  });

  it('signs in by a browser on this machine, once its person has said yes', async () => {
    const login = run('login', '--gateway', gateway);
    const ada = new Person('ada');
    const asked = await ada.open(await saying(login, /(http:\S+\/oauth\/authorize\S+)/));
    expect(asked.html).toContain('The command line on this machine');
    const { html } = await ada.open(asked.url.href, { answer: 'yes' });
    expect(html).toContain('go on in your terminal');
    expect(await login.code).toBe(0);
    expect(login.said).toContain('ada@example.com');
    expect((await ended('whoami')).said).toMatch(/^ada@example.com at http:\S+; roles: .*admin/);
  });

  it('keeps its tokens for itself, and shows one that opens the door', async () => {
    const file = join(home, 'fingerpost/credentials.json');
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
    const token = (await ended('token')).said.trim();
    expect(await readFile(file, 'utf8')).toContain(token);
    const answer = await fetch(`${gateway}/catalogue`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    expect(product.log).not.toContain(token);
  });

  it('signs out here and there', async () => {
    const token = (await ended('token')).said.trim();
    expect(await ended('logout')).toEqual({ code: 0, said: expect.stringContaining('Signed out') });
    expect((await fetch(`${gateway}/catalogue`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect(await ended('whoami')).toMatchObject({ code: 1 });
  });

  it('signs in by a code that is typed elsewhere', async () => {
    const login = run('login', '--device');
    const page = await saying(login, /(http:\S+\/device)\b/);
    const user_code = await saying(login, /this code: (\S+)/);
    const ben = new Person('ben');
    const xsrfIn = (html: string) => /name="xsrf" value="(\w+)"/.exec(html)![1]!;
    const typed = await ben.open(page, { xsrf: xsrfIn((await ben.open(page)).html), user_code });
    const { html } = await ben.open(page, { xsrf: xsrfIn(typed.html), user_code, confirm: 'yes' });
    expect(html).toContain('Your device is signed in');
    expect(await login.code).toBe(0);
    expect(login.said).toContain('ben@example.com');
  });
});
