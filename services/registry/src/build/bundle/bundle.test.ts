import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
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
  const run = async () =>
    runInNewContext(`${(await make()).code}; __integration`, {
      ...{ queueMicrotask, performance, setTimeout, clearTimeout, URL, URLSearchParams, TextEncoder, TextDecoder },
      ...{ AbortController, AbortSignal, EventTarget, Event, Blob, atob, btoa },
      crypto: { digestSync: (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest() },
    });
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

  it('gives the same for the same code, and another for other code', async () => {
    await write({ 'a.integration.js': 'module.exports = 1' });
    const first = await make();
    expect((await make()).code).toBe(first.code);
    await write({ 'a.integration.js': 'module.exports = 2' });
    expect((await make()).code).not.toBe(first.code);
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
    ['left-pad', 'npm install left-pad --prefix'],
    ['@aws-sdk/client-lambda/dist/x.js', 'npm install @aws-sdk/client-lambda --prefix'],
    ['/etc/hostname', 'is an absolute path'],
    ['https://evil.dev/x.js', 'is an address'],
    ['file:///etc/hostname', 'is an address'],
  ])('refuses to import %s', async (name, message) => {
    await write({ 'a.integration.js': `const x = 1;\n  require('${name}');` });
    const refused = await fault();
    expect(refused.message).toContain(message);
    expect(refused.detail).toEqual({ file: 'a.integration.js', line: 2, column: 11 });
  });

  describe('of packages', () => {
    const chosen = (...names: string[]) => ({
      'package.json': JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1'])) }),
    });

    it('includes those that were chosen, with what they need themselves', async () => {
      await write({
        ...chosen('pad'),
        'a.integration.js': "module.exports = require('pad')(3)",
        'node_modules/pad/package.json': '{"main":"lib/pad.js"}',
        'node_modules/pad/lib/pad.js': "module.exports = (n) => require('zero') .repeat(n)",
        'node_modules/zero/index.js': "module.exports = '0'",
      });
      expect(await run()).toBe('000');
      const { includes, own } = await make();
      expect(includes).toEqual(['a.integration.js', 'node_modules']);
      expect(own.packages).toEqual(['pad']);
      expect(own.code).not.toContain('repeat');
    });

    it.each([
      ['that nobody chose', "require('zero')", 'npm install zero'],
      ['by a path into node_modules', "require('./node_modules/zero')", 'import it by the package’s name'],
      ['that is not installed', "require('pad')", 'npm ci'],
      ['by a path out of one', "require('pad/../zero')", 'climbs'],
      ['that lacks such a file', "require('pad/other')", 'is no part of the package'],
    ])('refuses one %s', async (_what, code, message) => {
      await write({ ...chosen('pad'), 'a.integration.js': code, 'node_modules/zero/index.js': "module.exports = '0'" });
      expect((await fault()).message.replace("'", '’')).toContain(message);
    });

    it('refuses one that is a link to somewhere else', async () => {
      await writeFile(join(outside, 'index.js'), 'module.exports = 1');
      await write({ ...chosen('pad'), 'a.integration.js': "require('pad')", 'node_modules/x/index.js': '' });
      await symlink(outside, join(root, 'node_modules/pad'));
      expect((await fault()).message).toContain('leads out of node_modules');
    });

    it('refuses files outside that a package names', async () => {
      await writeFile(join(outside, 'secret.js'), 'module.exports = 1');
      await write({
        ...chosen('pad'),
        'a.integration.js': "require('pad')",
        'node_modules/pad/index.js': "require('../../../secret.js')",
      });
      expect((await fault()).message).toContain('leads out of node_modules');
    });

    it('gives Node’s harmless modules to whoever asks, with Buffer and process', async () => {
      await write({
        'a.integration.js': `
          import { createHash } from 'node:crypto'; import path from 'path'; import util from 'util';
          const Emitter = require('events');
          export default [
            createHash('sha256').update('a').digest('hex').slice(0, 8), path.join('a', '../b'), util.format('%d', 3),
            new Emitter() instanceof Emitter, Buffer.from('a').toString('base64'), process.env.HOME,
          ];`,
      });
      expect([...(await run()).default]).toEqual(['ca978112', 'b', '3', true, 'YQ==', undefined]);
    });

    it('gives them whole: with what their own packages switch off for browsers', async () => {
      await write({
        'a.integration.js': `
          import assert from 'assert'; import url from 'url'; import { promisify } from 'util';
          import { Readable, Transform } from 'stream'; import { pipeline } from 'stream/promises'; import { text } from 'node:stream/consumers';
          const upper = new Transform({ transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()) });
          export const run = async () => {
            const tried = (work) => { try { work(); } catch (error) { return error.name; } };
            const [said] = await Promise.all([text(upper), pipeline(Readable.from(['on ', 'call']), upper)]);
            return [tried(() => assert.strictEqual(1, 2)), url.parse('https://a.dev:1/b').host, await promisify(setTimeout)(1, 'later'), said,
              Buffer.from('>?').toString('base64url'), Buffer.from('Pj8', 'base64url').toString()].join();
          };`,
      });
      expect(await (await run()).run()).toBe('AssertionError,a.dev:1,later,ON CALL,Pj8,>?');
    });

    it('names what is imported from a module of Node’s and is not there', async () => {
      await write({ 'a.integration.js': "import { MIMEType } from 'node:util'; export default MIMEType" });
      expect((await fault()).message).toBe('"MIMEType" of Node’s module "util" is not there in the sandbox');
    });

    it('names what is missing of Node where it is used, not where it is imported', async () => {
      await write({
        'a.integration.js': `
          import { readFileSync, promises } from 'node:fs'; const net = require('net');
          class Mine extends net.Socket {}
          const tried = (work) => { try { work(); } catch (error) { return error.message; } };
          export default [tried(() => readFileSync('/etc/passwd')), tried(() => promises.readFile('x')), tried(() => new Mine())];`,
      });
      const [file, later, socket] = (await run()).default;
      expect(file).toBe(
        'fs.readFileSync is not available in the sandbox: an integration has no files; put data into a data file',
      );
      expect(later).toContain('fs.promises.readFile is not available');
      expect(socket).toContain('net.Socket is not available');
    });
  });

  it('maps a place in the bundle to its own file', async () => {
    await write({ 'a.integration.js': "require('./lib/b');", 'lib/b.js': 'const x = 1;\n\nthrow new Error("here");' });
    const { sources } = JSON.parse((await make()).sourceMap);
    expect(sources).toEqual(expect.arrayContaining(['a.integration.js', 'lib/b.js']));
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

  it.each([
    ['a pattern in require', "require('../' + name + '.json')"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the author's template
    ['a pattern in a template', 'require(`../${name}.json`)'],
    ['a pattern in import', "import('../' + name + '.json')"],
  ])('refuses what %s would gather outside', async (_what, expression) => {
    await writeFile(join(outside, 'keys.json'), '{"key":"outside"}');
    await write({ 'a.integration.js': `const name = 'keys'; module.exports = () => ${expression};` });
    expect((await fault()).message).toMatch(/require and import take no pattern/);
  });

  it('reads no source map that a comment names', async () => {
    const map = join(outside, 'map.json');
    await writeFile(map, '{"version":3,"sources":["outside"],"mappings":"AAAA"}');
    for (const named of ['../map.json', map, `file://${map}`]) {
      await write({ 'a.integration.js': `module.exports = 1;\n//# sourceMappingURL=${named}` });
      expect(JSON.parse((await make()).sourceMap).sources).toEqual(['a.integration.js']);
    }
  });

  it('refuses a file of more than 2 MB before it reads it', async () => {
    await write({ 'a.integration.js': '' });
    await truncate(join(root, 'a.integration.js'), 8_000_000_000);
    expect((await fault()).message).toContain('8000000000 bytes, 2000000 at most');
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
