import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { githubPage, integration, Product } from './product.ts';

const BEN = 'the token of somebody else';
const FILES = {
  'for-one.integration.js': integration('for-one', `throw new Error('<img src=x>')`, `cache: 0, scope: 'user'`),
  'for-all.integration.js': integration('for-all', `throw new Error('<img src=x>')`),
};

async function alsoBen(folder: string): Promise<void> {
  const entry = { name: 'ben', sha256: createHash('sha256').update(BEN).digest('hex'), createdAt: '2026-01-01' };
  await mkdir(`${folder}-data`, { mode: 0o700 });
  await writeFile(`${folder}-data/api-tokens.json`, JSON.stringify([entry]), { mode: 0o600 });
}

/** Statuses of the failure of each integration, for whoever asked and for Ben. */
async function toldBy(product: Product): Promise<Record<string, number[]>> {
  const page = githubPage('acme/webshop');
  await product.until(async () => (await product.ask(page)).integrationNames.length === 2);
  const failures = (await product.stream(page)).filter(({ event }) => event === 'failure');
  const told = failures.map(async ({ data: { integration: name, id } }) => {
    const own = await product.send(`/failures/${id}`);
    const bens = await product.send(`/failures/${id}`, undefined, { authorization: `Bearer ${BEN}` });
    expect(own.headers.get('content-type')).toMatch(/json/);
    return [name, [own.status, bens.status]];
  });
  return Object.fromEntries(await Promise.all(told));
}

describe('why an integration failed', () => {
  it.each([
    [
      'is told, of code that is told who looks to that viewer alone',
      {},
      { 'for-all': [200, 200], 'for-one': [200, 404] },
    ],
    [
      'is told to nobody where a proxy listens for others',
      { FINGERPOST_TRUSTED_PROXIES: '127.0.0.1' },
      { 'for-all': [403, 403], 'for-one': [403, 403] },
    ],
  ])('%s', async (_what, env, told) => {
    const product = await Product.start(FILES, env, alsoBen);
    try {
      expect(await toldBy(product)).toEqual(told);
    } finally {
      await product.stop();
    }
  });
});
