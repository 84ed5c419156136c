import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PLATFORM = join(import.meta.dirname, '../../dist/index.js');

/** A process that says "here" and is then told to stop. @returns its exit code and what it said */
async function lifeOf(start: string): Promise<[code: number, said: string]> {
  const program = `import { runUntilSignal } from ${JSON.stringify(PLATFORM)}; await runUntilSignal(async () => { ${start} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes) => (said += bytes));
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return [code, said];
}

describe('a process until a signal', () => {
  it('closes what it started and exits 0', async () => {
    const serving = `setTimeout(() => console.log('here'), 50); return { close: async () => console.log('closed') };`;
    expect(await lifeOf(`setInterval(() => {}, 1_000); ${serving}`)).toEqual([0, 'here\nclosed\n']);
  });

  it('says what is wrong with its own door beside what is wrong with the rest', () => {
    const program = `import { runUntilSignal, readSettings, str } from ${JSON.stringify(PLATFORM)};
      await runUntilSignal(() => console.log('started'), (env) => readSettings(env, { name: ['NAME', str()] }));`;
    const env = { ...process.env, HEALTH_PORT: 'x' };
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { env });
    expect([status, `${stdout}`]).toEqual([1, '']);
    expect(`${stderr}`).toMatch(/HEALTH_PORT: .*NAME: is missing/s);
  });

  it('does not wait for a start that waits for others', async () => {
    expect(await lifeOf(`console.log('here'); for (;;) await new Promise((r) => setTimeout(r, 50));`)).toEqual([
      0,
      'here\n',
    ]);
  });
});
