import { mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiTokens } from './api-tokens.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'fingerpost-tokens-')), 'data');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const readToken = async () => (await readFile(join(folder, 'token'), 'utf8')).trim();
const modeOf = async (file: string) => ((await stat(join(folder, file))).mode & 0o777).toString(8);

describe('ApiTokens', () => {
  it('makes a first token that only its owner can read', async () => {
    const tokens = await ApiTokens.open(folder);
    const token = await readToken();
    expect(token).toMatch(/^fp_[\w-]{43}$/);
    expect(await modeOf('token')).toBe('600');
    expect(await modeOf('api-tokens.json')).toBe('600');
    expect(tokens.viewerOf(token)).toEqual({ subject: 'token:first', groups: [], roles: ['viewer'] });
  });

  it('keeps only its hash', async () => {
    await ApiTokens.open(folder);
    const kept = await readFile(join(folder, 'api-tokens.json'), 'utf8');
    expect(kept).not.toContain(await readToken());
    expect(JSON.parse(kept)).toEqual([
      { name: 'first', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), createdAt: expect.any(String) },
    ]);
  });

  it('goes on with the same token at the next start', async () => {
    await ApiTokens.open(folder);
    const token = await readToken();
    expect((await ApiTokens.open(folder)).viewerOf(token)).toBeDefined();
    expect(await readToken()).toBe(token);
  });

  it('makes another one when the file was deleted, and forgets the old one', async () => {
    await ApiTokens.open(folder);
    const old = await readToken();
    await unlink(join(folder, 'token'));
    const tokens = await ApiTokens.open(folder);
    expect(await readToken()).not.toBe(old);
    expect(tokens.viewerOf(old)).toBeUndefined();
  });

  it('makes another one when its hash is missing, and leaves other tokens alone', async () => {
    await ApiTokens.open(folder);
    const old = await readToken();
    const others = [{ name: 'ci', sha256: 'a'.repeat(64), createdAt: '2026-01-01' }];
    await writeFile(join(folder, 'api-tokens.json'), JSON.stringify(others));
    expect((await ApiTokens.open(folder)).viewerOf(old)).toBeUndefined();
    expect(JSON.parse(await readFile(join(folder, 'api-tokens.json'), 'utf8'))).toHaveLength(2);
  });

  it('accepts several from the settings, so that one can be replaced, and nothing where a comma has nothing beside it', async () => {
    const [added, old] = ['the token that is new', 'the token of before'];
    const tokens = await ApiTokens.open(folder, `${added}, ${old},,`);
    expect([added, old].map((token) => tokens.viewerOf(token)?.subject)).toEqual(['token:settings', 'token:settings']);
    const none = ['', ' ', `${added}, ${old},,`, `${added},`];
    expect(none.map((token) => tokens.viewerOf(token))).toEqual(Array(4).fill(undefined));
  });

  it('takes no piece of a token for a token, where one has a comma', async () => {
    await expect(ApiTokens.open(folder, 'a long token of before,x')).rejects.toThrow(/a comma separates tokens/);
  });

  it('accepts one more token from the settings, as a viewer of its own', async () => {
    const tokens = await ApiTokens.open(folder, 'any string at all');
    expect(tokens.viewerOf('any string at all')?.subject).toBe('token:settings');
    expect(tokens.viewerOf(await readToken())?.subject).toBe('token:first');
  });

  it.each(['', 'fp_', 'undefined', 'x'.repeat(10_000), '\u0000'])('knows nobody by %j', async (token) => {
    expect((await ApiTokens.open(folder)).viewerOf(token)).toBeUndefined();
  });

  it.each(['{}', 'no JSON', '[{"name":"x"}]', '[{"name":"x","sha256":"short"}]', '[null]'])(
    'stops the start on a token file that says %s, and names the file',
    async (text) => {
      await ApiTokens.open(folder);
      await writeFile(join(folder, 'api-tokens.json'), text);
      await expect(ApiTokens.open(folder)).rejects.toThrow('api-tokens.json');
    },
  );
});
