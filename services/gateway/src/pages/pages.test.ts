import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edgeUnderTest, problem } from '../testing/edge-under-test.ts';

const { get, start } = edgeUnderTest();

describe('the web pages', () => {
  const build = async () => {
    const pages = await mkdtemp(join(tmpdir(), 'fingerpost-pages-'));
    await mkdir(join(pages, 'assets'));
    await writeFile(join(pages, 'index.html'), '<!doctype html><title>try</title>');
    await writeFile(join(pages, 'me.html'), '<!doctype html><title>account</title>');
    await writeFile(join(pages, 'assets', 'main-abc123.js'), 'export {}');
    return pages;
  };

  it('are served without a token; hashed files may be kept for good', async () => {
    await start([], {}, { pages: await build() });
    const page = await get('/');
    expect(await page.text()).toContain('<title>try</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(await (await get('/me')).text()).toContain('<title>account</title>');
    expect((await get('/assets/main-abc123.js')).headers.get('cache-control')).toContain('immutable');
    expect((await problem(await get('/assets/other.js'))).status).toBe(404);
  });

  it('that were not built say so', async () => {
    await start([], {}, { pages: '/nowhere' });
    expect(await (await get('/')).text()).toContain('npm run build');
  });
});
