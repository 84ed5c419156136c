import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../replace.sh');

/** One registry runs, and its image of now was never made. */
const ANSWERS = `case "$*" in
  "ps -q registry") echo 1f ;;
  config) printf 'services:\\n  gateway:\\n    image: acme/gateway:1\\n  registry:\\n    image: acme/registry:1\\nvolumes:\\n  gateway: {}\\n' ;;
  "image inspect "*) exit 1 ;;
esac`;

describe('deploy/compose/replace.sh', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-replace-'));
    for (const name of ['docker', 'docker-compose']) {
      await writeFile(join(folder, name), `#!/bin/sh\necho "$@" >> "${folder}/told"\n${ANSWERS}\n`);
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

  it('fetches no image by its name from whoever has that name', async () => {
    expect(replace('registry')).toMatchObject({ status: 1, stderr: expect.stringContaining('npm run images') });
    const told = await readFile(join(folder, 'told'), 'utf8');
    expect(told).toBe('ps -q registry\nconfig\nimage inspect acme/registry:1\n');
  });

  it('looks for those that may be several', async () => {
    expect(replace('gateway').stderr).toContain('No gateway is running');
    expect(await readFile(join(folder, 'told'), 'utf8')).toBe('ps -q gateway\n');
  });
});
