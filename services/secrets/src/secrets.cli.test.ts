import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { readPublicKeys } from '../../../packages/platform/src/sign/read-public-keys.ts';
import { runSecretsCli } from './secrets.cli.ts';
import { openFileRoot } from './sign/file-root.ts';
import { FileStore } from './store/file-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fingerpost-cli-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(
  args: string[],
  stdin: NodeJS.ReadableStream & { isTTY?: boolean } = Readable.from([]),
  env: NodeJS.ProcessEnv = {},
) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runSecretsCli(args, { FINGERPOST_DATA: folder, ...env }, { stdin, stdout, stderr });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

const storedValue = async (name: string) => (await FileStore.in(folder).read(name))?.reveal();

describe('npm run secrets', () => {
  it('stores a value from standard input, lists its name and removes it', async () => {
    expect(await run(['set', 'GH_TOKEN'], Readable.from(['ghp_', 'piped\n']))).toEqual({
      code: 0,
      out: `GH_TOKEN is stored in ${join(folder, 'secrets.jwe')}.\n`,
      err: '',
    });
    expect(await storedValue('GH_TOKEN')).toBe('ghp_piped');
    expect((await run(['list'])).out).toBe('GH_TOKEN\n');
    expect((await run(['remove', 'GH_TOKEN'])).code).toBe(0);
    expect(await run(['remove', 'GH_TOKEN'])).toMatchObject({ code: 1, err: 'There is no secret GH_TOKEN.\n' });
  });

  it('asks at a terminal without showing what is typed', async () => {
    const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keyboard });
    const running = run(['set', 'GH_TOKEN'], keyboard);
    setTimeout(() => keyboard.write('ghp_typed\r'), 50);
    const { code, out, err } = await running;
    expect(code).toBe(0);
    expect(out + err).not.toContain('typed');
    expect(await storedValue('GH_TOKEN')).toBe('ghp_typed');
  });

  it('refuses a value on the command line, without repeating it', async () => {
    const { code, err } = await run(['set', 'GH_TOKEN', 'ghp_argv']);
    expect(code).toBe(1);
    expect(err).not.toContain('ghp_argv');
    expect(await storedValue('GH_TOKEN')).toBeUndefined();
  });

  it('shows the root’s public keys and nothing of the private one, for FINGERPOST_ROOT_KEY', async () => {
    await openFileRoot(folder);
    const { code, out } = await run(['root-key']);
    expect(code).toBe(0);
    expect(readPublicKeys(out)).toHaveLength(1);
    expect(await run(['root-key'])).toMatchObject({ out });
  });

  it('writes them into a file, for services that read it there', async () => {
    await openFileRoot(folder);
    const { out } = await run(['root-key']);
    const file = join(folder, 'root.json');
    expect((await run(['root-key', file])).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(out);
    expect(await readdir(folder)).not.toContain('root.json.new');
  });

  it('makes no root key that nobody would sign with', async () => {
    expect(await run(['root-key'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no root key') });
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not use up a wrapped secret id to show them', async () => {
    const env = {
      VAULT_ADDR: 'https://vault.acme.internal',
      FINGERPOST_VAULT_AUTH: 'approle',
      FINGERPOST_VAULT_ROLE_ID: 'x',
      FINGERPOST_VAULT_WRAPPED_SECRET_ID: 'y',
      FINGERPOST_ROOT_TRANSIT_KEY: 'transit/root',
    };
    expect(await run(['root-key'], undefined, env)).toMatchObject({ code: 1, err: expect.stringContaining('use up') });
  });

  it('refuses odd names, empty values and unknown commands', async () => {
    for (const name of ['gh_token', '../x', '', 'A-B', '__proto__'])
      expect((await run(['set', name], Readable.from(['x']))).code).toBe(1);
    expect((await run(['set', 'EMPTY'], Readable.from(['\n']))).err).toContain('empty');
    for (const args of [[], ['show', 'GH_TOKEN'], ['set']]) expect((await run(args)).err).toContain('Usage');
  });
});
