import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { githubPage, integration, isCluster, Product, saying, TOKEN } from './product.ts';

const contents = (answer: { data: { content: string }[] }) => answer.data.map(({ content }) => content);

describe('npm start', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start({
      'owners.data.yml': 'webshop: team-a\n',
      'owner.integration.js': integration(
        'owner-team',
        `const { data } = dataFiles.find(({ id }) => id === 'owners');
         return [{ type: 'text', content: 'Owner: ' + data[context.page.repository.split('/')[1]] }];`,
        'priority: 200',
      ),
      'helper.js': `exports.shout = (text) => text.toUpperCase() + '!';`,
      'relative.integration.js': integration(
        'uses-relative',
        `const { shout } = require('./helper'); return [{ type: 'link', content: shout('docs'), href: 'https://docs.acme.dev/' }];`,
      ),
      'twin-a.integration.js': saying('twin-a', 'from a', 'cache: 60'),
      'twin-b.integration.js': saying('twin-b', 'from b', 'cache: 60'),
    });
  });
  afterAll(() => product.stop());

  it('answers a page with the insights of several integrations, by priority', async () => {
    const answer = await product.ask(githubPage('acme/webshop'));
    expect(contents(answer)).toEqual(['Owner: team-a', 'from a', 'from b', 'DOCS!']);
    expect(answer).toMatchObject({
      count: 4,
      failedCount: 0,
      integrationNames: ['owner-team', 'twin-a', 'twin-b', 'uses-relative'],
    });
  });

  it('streams each insight as it comes', async () => {
    const events = await product.stream(githubPage('acme/webshop', { nonce: 'stream' }));
    expect(events[0]).toMatchObject({
      event: 'expected',
      data: { integrations: ['owner-team', 'twin-a', 'twin-b', 'uses-relative'] },
    });
    expect(events.slice(1, -1).every(({ event }) => event === 'insight')).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { count: 4, failedCount: 0 } });
  });

  it('takes in a file that is dropped into the folder, within 2 s and without a restart', async () => {
    await product.write('dropped.integration.js', saying('dropped-in', 'new here'));
    await product.until(
      async () => contents(await product.ask(githubPage('acme/webshop'))).includes('new here'),
      2_000,
    );
  });

  it('shows a syntax error with file, line and column, and keeps the last good version and all others in service', async () => {
    await product.write('dropped.integration.js', 'module.exports = {\n  metadata: { name: \n};');
    await product.until(async () => (await product.catalogue()).entries.some(({ state }) => state === 'broken'), 2_000);
    const broken = (await product.catalogue()).entries.find(({ state }) => state === 'broken');
    expect(broken).toMatchObject({
      file: 'dropped.integration.js',
      fault: { file: 'dropped.integration.js', line: 3, column: expect.any(Number) },
    });
    expect(contents(await product.ask(githubPage('acme/webshop')))).toEqual(
      expect.arrayContaining(['Owner: team-a', 'new here']),
    );
  });

  it('refuses a misspelt match rule and says what was meant', async () => {
    await product.write(
      'misspelt.integration.js',
      `module.exports = { metadata: { name: 'misspelt', match: { contextType: 'github', context: { 'page.repository': { startWith: 'x' } } } }, run: () => [] };`,
    );
    await product.until(
      async () =>
        (await product.catalogue()).entries.some(
          ({ file, fault }) => file.startsWith('misspelt') && fault !== undefined,
        ),
      2_000,
    );
    const entry = (await product.catalogue()).entries.find(({ file }) => file.startsWith('misspelt'));
    expect(entry?.fault?.message).toMatch(/startWith.*startsWith/s);
  });

  it('answers the ToolJump extension’s other questions', async () => {
    expect(await (await product.send('/config')).json()).toMatchObject({
      adapters: expect.any(Array),
      customDomains: [],
      timestamp: expect.any(String),
    });
    expect(await (await product.send('/custom-domains')).json()).toMatchObject({
      hosts: [],
      count: 0,
      timestamp: expect.any(String),
    });
  });

  it.each([
    ['malformed JSON', '{"type":', {}, 400],
    ['another type', [], {}, 400],
    ['a wrong field', { type: 7, url: 'nowhere' }, {}, 400],
    ['deep nesting', { ...githubPage('a/b'), x: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) }, {}, 400],
    // Refused before it was sent in full: behind a balancer of TCP the refusal may be overtaken by the end of the connection.
    ...(isCluster ? [] : [['200 kB', { ...githubPage('a/b'), x: 'x'.repeat(200_000) }, {}, 413] as const]),
    ['no token', githubPage('a/b'), { authorization: '' }, 401],
    ['a wrong token', githubPage('a/b'), { authorization: 'Bearer wrong' }, 401],
    ['no JSON', 'type=github', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('answers %s with a problem document', async (_name, body, headers, status) => {
    const response = await product.send('/context', body, headers as Record<string, string>);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(text)).toMatchObject({ status, title: expect.any(String), code: expect.any(String) });
    expect(text).not.toMatch(/\bat .*\.(js|ts):\d+|node_modules/);
  });
});

describe('a product among hostile integrations', () => {
  const hostile: Record<string, string> = {
    'endless-loop': 'while (true) {}',
    'endless-promises': 'for (;;) await null;',
    'native-loop': '[].indexOf.call({ length: 2 ** 53 - 1 }, 1);',
    'huge-allocation': 'return new ArrayBuffer(2 ** 31).byteLength;',
    'late-throw': `setTimeout(() => { throw new Error('the password is hunter2'); }, 10); await new Promise((r) => setTimeout(r, 500)); return [];`,
    'lost-rejection': `Promise.reject(new Error('the password is hunter2')); await new Promise((r) => setTimeout(r, 500)); return [];`,
    'exits-process': 'process.exit(1);',
    'reads-file': `return [{ type: 'text', content: require(['f', 's'].join('')).readFileSync('/etc/passwd', 'utf8') }];`,
    'reads-environment': `if (Object.keys(process.env).length === 0) throw new Error('nothing there'); return [{ type: 'text', content: JSON.stringify(process.env) }];`,
    'script-link': `return [{ type: 'link', content: 'click', href: 'javascript:alert(1)' }];`,
    'calls-localhost': `const r = await fetch('http://127.0.0.1:22/'); return [{ type: 'text', content: await r.text() }];`,
  };
  let product: Product;

  beforeAll(async () => {
    const files = Object.entries(hostile).map(([name, body]) => [`${name}.integration.js`, integration(name, body)]);
    product = await Product.start({
      ...Object.fromEntries(files),
      'good.integration.js': saying('good-one', 'still here'),
      'keeper.integration.js': integration(
        'keeps-value',
        `await cache.set('k', 'mine', 60); return [];`,
        'priority: 300',
      ),
      'thief.integration.js': integration(
        'thief-of-value',
        `return [{ type: 'text', content: 'stolen: ' + (await cache.get('k')) }];`,
      ),
    });
  });
  afterAll(() => product.stop());

  it('shows a chip with name and id for each that fails, keeps their words to itself, and goes on', async () => {
    const events = await product.stream(githubPage('acme/webshop'));
    const failures = events.filter(({ event }) => event === 'failure').map(({ data }) => data);
    expect(failures.map(({ integration }) => integration).sort()).toEqual(Object.keys(hostile).sort());
    for (const failure of failures)
      expect(failure).toEqual({ integration: expect.any(String), id: expect.any(String), reason: expect.any(String) });
    expect(JSON.stringify(events)).not.toMatch(/hunter2|root:|readFileSync/);
    expect(
      events
        .filter(({ event }) => event === 'insight')
        .map(({ data }) => (data.insight as { content: string }).content)
        .sort(),
    ).toEqual(['still here', 'stolen: undefined']);
    const late = failures.find(({ integration }) => integration === 'late-throw');
    expect(product.log).toContain('hunter2');
    expect(product.log).toContain(late?.id);
  });

  it('answers as before afterwards', async () => {
    await product.until(async () => (await fetch(`${product.url}/health/ready`)).ok);
    const answer = await product.ask(githubPage('acme/webshop', { again: 1 }));
    expect(contents(answer)).toContain('still here');
  });
});

describe('answers that are kept', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start({
      'reads.integration.js': integration(
        'reads-branch',
        `return [{ type: 'text', content: context.page.branch ?? 'no branch' }];`,
        'cache: 60',
      ),
      'personal.integration.js': `
        module.exports = {
          metadata: { name: 'personal', scope: 'user', cache: 60, match: { contextType: 'github', context: { 'page.repository': { exists: true } } } },
          run: (context, secrets, dataFiles, viewer) => [{ type: 'text', content: 'for ' + viewer.subject }],
        };`,
    });
  });
  afterAll(() => product.stop());

  it('are not shared by contexts that differ in a field that the code read, and are by those that differ elsewhere', async () => {
    const ask = async (page: object, more: object = {}) => {
      const answer = await product.ask({
        ...githubPage('acme/webshop', more),
        page: { repository: 'acme/webshop', ...page },
      });
      return { branch: contents(answer)[1], hits: answer.cacheHits };
    };
    await ask({ branch: 'main' });
    expect(await ask({ branch: 'main' })).toEqual({ branch: 'main', hits: 2 });
    expect(await ask({ branch: 'next' })).toEqual({ branch: 'next', hits: 1 });
    expect(await ask({})).toEqual({ branch: 'no branch', hits: 1 });
    expect(await ask({ branch: 'main' }, { scrolledTo: 17 })).toEqual({ branch: 'main', hits: 2 });
  });

  it('are not shared by two viewers where the code is told who looks', async () => {
    const other = (await readFile(join(product.dataFolder, 'token'), 'utf8')).trim();
    const personal = async (token: string) => {
      const response = await product.send('/context', githubPage('acme/personal'), {
        authorization: `Bearer ${token}`,
      });
      return contents((await response.json()) as { data: { content: string }[] })[0];
    };
    const [first, second] = [await personal(TOKEN), await personal(other)];
    expect(first).not.toBe(second);
    expect([await personal(TOKEN), await personal(other)]).toEqual([first, second]);
  });
});

describe('SIGTERM', () => {
  it('in the middle of 50 requests: all 50 are answered, then the process exits 0', async () => {
    const product = await Product.start({
      'slow.integration.js': integration(
        'slow-one',
        `await new Promise((r) => setTimeout(r, 1_500)); return [{ type: 'text', content: context.page.repository }];`,
      ),
    });
    const asked = Array.from({ length: 50 }, (_, n) => product.ask(githubPage(`acme/repo-${n}`)));
    await new Promise((resolve) => setTimeout(resolve, 900)); // each has been taken in by then
    product.signal('SIGTERM');
    const answers = await Promise.all(asked);
    expect(answers.map((answer) => contents(answer)[0]).sort()).toEqual(
      Array.from({ length: 50 }, (_, n) => `acme/repo-${n}`).sort(),
    );
    expect(await product.ended()).toBe(0);
    await product.stop();
  });
});
