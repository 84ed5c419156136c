import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../replace.sh');

/** One registry runs, and its image of now was never made. One runner runs, another has ended. */
const ANSWERS = `case "$*" in
  "ps -q registry" | "ps -q runner") echo 1f ;;
  "ps -aq runner") printf '1f\\n2e\\n' ;;
  config) printf 'services:\\n  registry:\\n    image: acme/registry:1\\n  runner:\\n    image: acme/runner:1\\nvolumes:\\n  runner: {}\\n' ;;
  "image inspect acme/registry:1") exit 1 ;;
  "inspect --format {{.Name}} 2e") echo /acme-runner-2 ;;
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

  it('asks which, where none is named', () => {
    expect(replace()).toMatchObject({ status: 1, stderr: expect.stringContaining('Which service?') });
  });

  it('fetches no image by its name from whoever has that name', async () => {
    expect(replace('registry')).toMatchObject({ status: 1, stderr: expect.stringContaining('npm run images') });
    const told = await readFile(join(folder, 'told'), 'utf8');
    expect(told).toBe('ps -q registry\nconfig\nimage inspect acme/registry:1\n');
  });

  it('scales nothing while one has ended, which Compose v2 would count', async () => {
    expect(replace('runner')).toMatchObject({ status: 1, stderr: expect.stringContaining('acme-runner-2 has ended') });
    expect(await readFile(join(folder, 'told'), 'utf8')).not.toContain('up');
  });

  it('looks for those that may be several', async () => {
    expect(replace('gateway').stderr).toContain('No gateway is running');
    expect(await readFile(join(folder, 'told'), 'utf8')).toBe('ps -q gateway\n');
  });
});
