import { Child } from './child.ts';

const WAITS = 'setInterval(() => {}, 1_000)';

describe('a process of the cluster', () => {
  const lines: string[] = [];
  const start = (code: string) =>
    new Child('runner-2', { command: process.execPath, args: ['-e', code], env: {} }, (_name, line) =>
      lines.push(line),
    );
  beforeEach(() => lines.splice(0));

  it('does not go without a word', async () => {
    const child = start(WAITS);
    child.signal('SIGKILL');
    await child.ended;
    await start('process.exit(3)').ended;
    expect(lines).toEqual([
      'runner-2 ended by SIGKILL; nobody starts it again',
      'runner-2 ended by itself (exit code 3); nobody starts it again',
    ]);
  });

  it('is not missed where it was stopped', async () => {
    await start(WAITS).stop();
    expect(lines).toEqual([]);
  });
});
