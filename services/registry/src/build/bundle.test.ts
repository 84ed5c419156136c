import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Fault } from '@fingerpost/contracts';
import { bundle } from './bundle.ts';

describe('bundling', () => {
  let outside: string;
  let root: string;

  beforeEach(async () => {
    outside = await realpath(await mkdtemp(join(tmpdir(), 'bundle-')));
    root = join(outside, 'integrations');
    await mkdir(root);
  });
  afterEach(() => rm(outside, { recursive: true }));

  const write = async (files: Record<string, string>) => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
  };
  const make = () => bundle(root, join(root, 'a.integration.js'));
  const run = async () => runInNewContext(`${Buffer.from((await make()).code)}; __integration`);
  const fault = async (): Promise<Fault> =>
    make().then(
      () => Promise.reject('was built'),
      (error) => error,
    );

  it('leaves the exports in one name, with what they require', async () => {
    await write({
      'a.integration.js':
        "const { twice } = require('./lib/maths'); module.exports = { metadata: { name: 'four' + twice(2) } };",
      'lib/maths.js': 'exports.twice = (n) => n * 2;',
    });
    expect((await run()).metadata.name).toBe('four4');
    expect((await make()).includes.sort()).toEqual(['a.integration.js', 'lib/maths.js']);
  });

  it('takes modules, TypeScript and JSON', async () => {
    await write({
      'a.integration.js':
        "import { name } from './name.ts'; import data from './x.json'; export default { name, data };",
      'name.ts': "export const name: string = 'typed';",
      'x.json': '[1]',
    });
    expect(JSON.stringify((await run()).default)).toBe('{"name":"typed","data":[1]}');
  });

  it('runs none of the code', async () => {
    await write({ 'a.integration.js': 'globalThis.hasRun = true; throw new Error("run")' });
    await make();
    expect('hasRun' in globalThis).toBe(false);
  });

  it('gives the same digest for the same code, and another for other code', async () => {
    await write({ 'a.integration.js': 'module.exports = 1' });
    const first = await make();
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await make()).digest).toBe(first.digest);
    await write({ 'a.integration.js': 'module.exports = 2' });
    expect((await make()).digest).not.toBe(first.digest);
  });

  it('keeps sloppy code sloppy whatever tsconfig.json lies about', async () => {
    await write({
      'a.integration.js': 'undeclared = 7; module.exports = undeclared;',
      'tsconfig.json': '{"compilerOptions":{"strict":true,"alwaysStrict":true}}',
    });
    expect(await run()).toBe(7);
  });

  it('says where a syntax error is', async () => {
    await write({ 'a.integration.js': 'const a = 1;\nconst ü = (;\n' });
    const { code, detail } = await fault();
    expect(code).toBe('build.failed');
    expect(detail).toEqual({ file: 'a.integration.js', line: 2, column: 12 });
  });

  it('says in which included file a syntax error is', async () => {
    await write({ 'a.integration.js': "require('./lib/b')", 'lib/b.js': '\n\nlet = = 1' });
    expect((await fault()).detail).toMatchObject({ file: 'lib/b.js', line: 3 });
  });

  it('counts further errors', async () => {
    await write({ 'a.integration.js': "require('./x'); require('./y');" });
    expect((await fault()).message).toBe('"./x" is not there (and 1 more)');
  });

  it.each([
    ['left-pad', 'it is a package, and packages cannot be imported yet'],
    ['@aws-sdk/client-lambda', 'it is a package'],
    ['fs', 'it is a part of Node.js'],
    ['node:child_process', 'it is a part of Node.js'],
    ['/etc/hostname', 'is an absolute path'],
    ['https://evil.dev/x.js', 'it is a package'],
    ['file:///etc/hostname', 'is an absolute path'],
  ])('refuses to import %s', async (name, message) => {
    await write({ 'a.integration.js': `const x = 1;\n  require('${name}');` });
    const refused = await fault();
    expect(refused.message).toContain(message);
    expect(refused.message).toContain(name);
    expect(refused.detail).toEqual({ file: 'a.integration.js', line: 2, column: 11 });
  });

  it('refuses a package even where somebody installed it', async () => {
    await write({ 'a.integration.js': "import('left-pad')", 'node_modules/left-pad/index.js': 'module.exports = 1' });
    expect((await fault()).message).toContain('it is a package');
  });

  it('refuses what lies above the folder', async () => {
    await writeFile(join(outside, 'secret.js'), 'module.exports = 1');
    await write({ 'a.integration.js': "require('../secret.js')" });
    expect((await fault()).message).toContain('leads out of the integrations folder');
  });

  it('refuses a neighbour whose name only begins like the folder', async () => {
    await mkdir(`${root}-private`);
    await writeFile(join(`${root}-private`, 'x.js'), '1');
    await write({ 'a.integration.js': "require('../integrations-private/x.js')" });
    expect((await fault()).message).toContain('leads out of the integrations folder');
  });

  it('refuses a link to a file or a folder outside', async () => {
    await writeFile(join(outside, 'secret.js'), 'module.exports = 1');
    await symlink(join(outside, 'secret.js'), join(root, 'file.js'));
    await symlink(outside, join(root, 'folder'));
    await write({ 'a.integration.js': "require('./file.js')" });
    expect((await fault()).message).toContain('leads out of the integrations folder');
    await write({ 'a.integration.js': "require('./folder/secret.js')" });
    expect((await fault()).message).toContain('leads out of the integrations folder');
  });

  it('refuses a way out through a package.json', async () => {
    await writeFile(join(outside, 'secret.js'), 'module.exports = 1');
    await write({
      'a.integration.js': "require('./lib')",
      'lib/package.json': '{"main":"../../secret.js","browser":"../../secret.js"}',
    });
    expect((await fault()).message).toContain('leads out of the integrations folder');
  });

  it('refuses hidden files', async () => {
    await write({ 'a.integration.js': "require('./.secrets.json')", '.secrets.json': '{}' });
    expect((await fault()).message).toContain('is a hidden file');
  });

  it('follows a link that stays inside', async () => {
    await write({ 'a.integration.js': "module.exports = require('./link.js')", 'real.js': 'module.exports = 5' });
    await symlink(join(root, 'real.js'), join(root, 'link.js'));
    expect(await run()).toBe(5);
  });

  it('refuses a bundle of more than 2 MB', async () => {
    await write({ 'a.integration.js': `module.exports = "${'x'.repeat(2_000_001)}"` });
    expect((await fault()).message).toContain('2000000 at most');
  });
});
