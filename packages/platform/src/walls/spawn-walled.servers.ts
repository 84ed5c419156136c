import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServer } from '../testing/servers.ts';
import { spawnWalled } from './spawn-walled.ts';

const MARK = 'of-these-tests-alone';

(findServer('bwrap') === undefined ? describe.skip : describe)('a process behind namespaces', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fingerpost-walls-')));
  const program = join(folder, 'lives.js');
  // As ours do: whatever outlives bubblewrap ends with its channel.
  writeFileSync(program, `setInterval(() => {}, 1_000); process.on('disconnect', () => process.exit());`);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('leaves nobody behind when it is killed, however early', async () => {
    for (let n = 0; n < 100; n++) {
      const walled = spawnWalled('namespaces', { program, args: [MARK], readable: [folder], nodeOptions: [] });
      await sleep(n / 8);
      walled.kill();
    }
    await sleep(1_500);
    expect(marked()).toEqual([]);
  });
});

const marked = (): string[] => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(MARK));

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
