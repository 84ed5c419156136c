import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../dist/audit/audit-trail.cli.js');

it('verifies no trail that is not there, and makes none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fingerpost-trail-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'verify'], {
    env: { FINGERPOST_DATA: folder },
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(`FINGERPOST_DATA: there is no catalogue in ${join(folder, 'catalogue')}`);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
