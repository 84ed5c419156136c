import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedToOthers, isMapped, maySetUser } from './another-user.ts';

describe('a user that nobody else is', () => {
  it.each([
    ['there is on the machine itself', '         0          0 4294967295\n', true],
    ['there is not in a container that has few', '         0     100000      65536\n', false],
    ['there is not in a namespace of one', '         0       1000          1\n', false],
    ['there is not where nobody says', '', false],
  ])('%s', (_where, map, isThere) => expect(isMapped(map)).toBe(isThere));
});

describe('a user of another’s choice', () => {
  it.each([
    ['can be given by root of a machine', 'Name:\tnode\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n', true],
    ['can be given by root of a container', 'CapEff:\t00000000a80425fb\n', true],
    ['cannot by root without capabilities', 'CapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\n', false],
    ['can be given by root where nobody says', '', true],
  ])('%s', (_who, status, may) => expect(maySetUser(status)).toBe(may));
});

describe('what another user may read', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-open-'));
    await mkdir(join(folder, 'in'), { mode: 0o755 });
    file = join(folder, 'in/program.mjs');
    await writeFile(file, '', { mode: 0o644 });
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is what is open all the way', () => {
    expect(closedToOthers([file, process.execPath])).toBeUndefined();
  });

  it('is not what lies in a folder of somebody’s own', async () => {
    await chmod(folder, 0o700);
    expect(closedToOthers([file])).toBe(folder);
  });

  it('is not what only its owner reads', async () => {
    await chmod(file, 0o600);
    expect(closedToOthers([process.execPath, file])).toBe(file);
  });
});
