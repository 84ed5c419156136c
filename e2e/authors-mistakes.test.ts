import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FailureDetail } from '@fingerpost/contracts';
import { githubPage, PATIENCE_MS, Product } from './product.ts';

const file = (name: string, metadata: string, lines: string[]) =>
  [
    `const metadata = { name: '${name}', match: { contextType: 'github' }, cache: 0, ${metadata} };`,
    'async function run(context, secrets) {',
    ...lines.map((line) => `  ${line}`),
    '}',
    'module.exports = { metadata, run };',
  ].join('\n');

const deaf = createServer(() => {});

describe('an author’s mistake is told with its place and what to do:', () => {
  let product: Product;
  let failures: Record<string, FailureDetail>;

  beforeAll(async () => {
    const upstream = await listen(deaf);
    const files = {
      'type-error.integration.js': file('type-error', '', [
        'await new Promise((resolve) => setTimeout(resolve, 1));',
        'const list = undefined;',
        'return list.map(String);',
      ]),
      'secret.integration.js': file('no-secret', "requiredSecrets: ['NOT_THERE'], hosts: ['api.acme.dev']", [
        'return [];',
      ]),
      'host.integration.js': file('other-host', "hosts: ['api.acme.dev']", [
        'const path = "/x";',
        "await fetch('https://elsewhere.acme.dev' + path);",
        'return [];',
      ]),
      'slow.integration.js': file('too-slow', `hosts: ['${upstream}']`, [
        '',
        `await fetch('http://${upstream}/orders?token=1');`,
        'return [];',
      ]),
      'loop.integration.js': file('endless', '', ['for (;;);']),
      'fat.integration.js': file('too-fat', '', [
        'const all = [];',
        'for (;;) all.push(new Array(1e5).fill(context));',
      ]),
    };
    product = await Product.start(files, { FINGERPOST_OUTBOUND_ALLOW: upstream });
    const events = await product.stream(githubPage('acme/webshop'));
    const failed = events.filter(({ event }) => event === 'failure');
    const details = failed.map(async ({ data }) => (await product.send(`/failures/${data.id}`)).json());
    failures = Object.fromEntries(
      (await Promise.all(details)).map((detail: FailureDetail) => [detail.integration, detail]),
    );
  }, PATIENCE_MS);
  afterAll(async () => {
    await product.stop();
    deaf.closeAllConnections();
    deaf.close();
  });

  const version = expect.stringMatching(/^[0-9a-f]{12}$/);
  it.each<[string, Partial<FailureDetail>, RegExp]>([
    ['type-error', { code: 'run.failed', file: 'type-error.integration.js', line: 5, column: 15 }, /reading 'map'/],
    ['no-secret', { code: 'secret.not_found' }, /NOT_THERE.*(npm run secrets -- set NOT_THERE|in Vault)/],
    [
      'other-host',
      { code: 'outbound.host_not_granted', file: 'host.integration.js', line: 4, column: 3 },
      /elsewhere\.acme\.dev:443; its grant names api\.acme\.dev\. Add the host to "hosts"/,
    ],
    [
      'too-slow',
      {
        code: 'run.timed_out',
        file: 'slow.integration.js',
        line: 4,
        column: 3,
        next: expect.stringMatching(/AbortSignal/),
      },
      /took longer than 5000 ms.*last call was GET http:\/\/[\d.:]+\/orders\.$/,
    ],
    ['endless', { code: 'run.out_of_cpu', file: 'loop.integration.js' }, /computed for more than 2000 ms/],
    ['too-fat', { code: 'run.out_of_memory', file: 'fat.integration.js' }, /more than 64 MB/],
  ])('%s', (name, detail, message) => {
    expect(failures[name]).toMatchObject({
      integration: name,
      version,
      ...detail,
      message: expect.stringMatching(message),
    });
    expect(product.log).toContain(failures[name]!.id);
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
