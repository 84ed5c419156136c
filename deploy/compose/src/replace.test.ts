import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../replace.sh');

describe('deploy/compose/replace.sh', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-replace-'));
    for (const name of ['docker', 'docker-compose']) {
      await writeFile(join(folder, name), `#!/bin/sh\necho "$@" >> "${folder}/told"\n`);
      await chmod(join(folder, name), 0o755);
    }
  });
  beforeEach(() => writeFile(join(folder, 'told'), ''));
  afterAll(() => rm(folder, { recursive: true }));

  const replace = (...services: string[]) =>
    spawnSync(SCRIPT, services, { env: { PATH: `${folder}:${process.env.PATH}` }, encoding: 'utf8' });

  it.each(['postgres', 'redis', 'nats', 'openbao', 'edge', '--help'])(
    'never puts a second %s beside the first',
    async (service) => {
      const { status, stderr } = replace('gateway', service);
      expect([status, stderr]).toEqual([1, expect.stringContaining(service)]);
      expect(await readFile(join(folder, 'told'), 'utf8')).toBe(''); // nothing of the others is done by half either
    },
  );

  it('looks for those that may be several', async () => {
    expect(replace('gateway').stderr).toContain('No gateway is running');
    expect(await readFile(join(folder, 'told'), 'utf8')).toBe('ps -q gateway\n');
  });
});
