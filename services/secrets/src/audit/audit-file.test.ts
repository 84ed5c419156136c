import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditFile } from './audit-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fingerpost-audit-'));
  path = join(folder, 'audit.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the audit file', () => {
  it('grows by a line for each thing, in order, and only we may read it', async () => {
    const audit = AuditFile.in(folder);
    await Promise.all(Array.from({ length: 20 }, (_, nth) => audit.append('secret.revealed', { nth })));
    await AuditFile.in(folder).append('secret.revealed', { nth: 20, odd: 'a\nb' });
    const lines = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ nth }) => nth)).toEqual(Array.from({ length: 21 }, (_, nth) => nth));
    expect(lines[0]).toMatchObject({ at: expect.stringMatching(/^\d{4}-/), what: 'secret.revealed' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('begins a line of its own where the last one was cut by a crash', async () => {
    await writeFile(path, '{"at":"cut', { mode: 0o600 });
    await AuditFile.in(folder).append('x', {});
    expect(
      (await readFile(path, 'utf8'))
        .split('\n')
        .slice(1, 2)
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ what: 'x' }]);
  });

  it('that cannot be written says so, each time anew', async () => {
    const audit = AuditFile.in(folder);
    await mkdir(path);
    await expect(audit.append('x', {})).rejects.toThrow();
    await rm(path, { recursive: true });
    await audit.append('x', {});
  });

  it('that others may read, or that is a link to elsewhere, is not written', async () => {
    await writeFile(path, '');
    await chmod(path, 0o644);
    await expect(AuditFile.in(folder).append('x', {})).rejects.toThrow('can be read by others');
    await rm(path);
    await writeFile(join(folder, 'other'), '', { mode: 0o600 });
    await symlink(join(folder, 'other'), path);
    await expect(AuditFile.in(folder).append('x', {})).rejects.toThrow();
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('');
  });
});
