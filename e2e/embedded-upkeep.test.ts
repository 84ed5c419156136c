import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { githubPage, integration, Product } from './product.ts';
import { Upstream } from './upstream.ts';

const CLI = join(import.meta.dirname, '../services/secrets/dist/secrets.cli.js');
const VALUE = 'upstream-token-0123456789';
const PAGE = githubPage('acme/webshop');

async function secrets(dataFolder: string, command: string[], input = ''): Promise<void> {
  const child = spawn(process.execPath, [CLI, ...command], { env: { FINGERPOST_DATA: dataFolder } });
  child.stdin.end(input);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`secrets ${command.join(' ')} ended with ${code}`);
}

/** What docs/operations says of `npm start`: all that it keeps is one folder. */
describe('the embedded product', () => {
  let upstream: Upstream;
  let copy: string;
  let product: Product | undefined;

  beforeAll(async () => {
    upstream = await Upstream.start(VALUE);
    copy = await mkdtemp(join(tmpdir(), 'fingerpost-copy-'));
  });
  afterEach(() => product?.stop());
  afterAll(async () => {
    upstream.stop();
    await rm(copy, { recursive: true, force: true });
  });

  const start = (prepare: (data: string) => Promise<void>) => {
    const reads = `const answer = await fetch('http://${upstream.host}/', { headers: { Authorization: 'Bearer ' + secrets.UPSTREAM_TOKEN } });
      return [{ type: 'text', content: String(answer.status) }];`;
    const files = {
      'reads.integration.js': integration('reads', reads, `cache: 0, requiredSecrets: ['UPSTREAM_TOKEN']`),
    };
    return Product.start(files, { FINGERPOST_OUTBOUND_ALLOW: upstream.host }, (folder) => prepare(`${folder}-data`));
  };
  const said = async () => (await product!.ask(PAGE)).data.map(({ content }) => content);
  const keyOf = (data: string) => readFile(join(data, 'keys/secrets.key'), 'utf8');

  it('has its secrets sealed with another key while it answers', async () => {
    product = await start((data) => secrets(data, ['set', 'UPSTREAM_TOKEN'], VALUE));
    await product.until(async () => (await said()).join() === '200');
    const before = await keyOf(product.dataFolder);
    let isOver = false;
    const resealing = secrets(product.dataFolder, ['reseal']).finally(() => (isOver = true));
    const seen = new Set<string>();
    while (!isOver) seen.add((await said()).join());
    await resealing;
    seen.add((await said()).join());
    expect([...seen]).toEqual(['200']);
    expect(await keyOf(product.dataFolder)).not.toBe(before);

    product.signal('SIGTERM');
    await product.ended();
    await cp(product.dataFolder, copy, { recursive: true });
  }, 60_000);

  it('comes back from a copy of its folder, with another root of all signatures too', async () => {
    product = await start(async (data) => {
      await cp(copy, data, { recursive: true });
      await rm(join(data, 'keys/root.json'));
    });
    await product.until(async () => (await said()).join() === '200');
    const root = (folder: string) => readFile(join(folder, 'keys/root.json'), 'utf8');
    expect(await root(product.dataFolder)).not.toBe(await root(copy));
    const token = (await readFile(join(copy, 'token'), 'utf8')).trim();
    expect((await product.send('/whoami', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
  }, 60_000);
});
