import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuOfTree } from './cpu.ts';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

// A grandchild burns CPU until the child is told to stop it, so that only the tree as a whole can show it.
const GRANDCHILD = 'const end = Date.now() + 15_000; while (Date.now() < end);';
const CHILD = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(GRANDCHILD)}]);
  console.log('burning');
  process.stdin.once('data', () => { child.once('exit', () => console.log('ended')); child.kill('SIGKILL'); });
`;

onLinux('cpuOfTree', () => {
  it('counts what grandchildren use, while they live and after they have ended', async () => {
    const root = spawn(process.execPath, ['-e', CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(root.stdout!, 'data');
      const before = cpuOfTree(root.pid!)!;
      let alive = before;
      while (alive < before + 200) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        alive = cpuOfTree(root.pid!)!;
      }
      root.stdin!.write('stop');
      await once(root.stdout!, 'data');
      expect(cpuOfTree(root.pid!)!).toBeGreaterThanOrEqual(alive);
    } finally {
      root.kill('SIGKILL');
    }
  });

  it('says nothing was used where there is no such process', () => {
    expect(cpuOfTree(2 ** 30)).toBe(0);
  });
});
