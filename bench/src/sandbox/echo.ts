import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Insight } from '@fingerpost/contracts';
import { cpuOfTree } from '../cpu.ts';
import type { Contender } from '../target.ts';
import type { Sandboxed } from './sandboxed.ts';

const PROGRAM = `process.on('message', ({ id, page }) => process.send({ id, says: [{ type: 'text', content: 'Pull request ' + page.section.pull }] }))`;

/** The least that any sandbox in another process can take: one message there, one back, and nothing done in between. */
export const echo: Contender<Sandboxed> = {
  label: 'a message and back',
  start: async () => {
    const child = fork('-e', [PROGRAM], { execArgv: ['--jitless', '--no-warnings'], serialization: 'json', env: {} });
    const waiting = new Map<number, (data: Insight[]) => void>();
    let questions = 0;
    child.on('message', ({ id, says }: { id: number; says: Insight[] }) => {
      waiting.get(id)!(says);
      waiting.delete(id);
    });
    await once(child, 'spawn');
    return {
      connect: () => ({
        ask: async ({ type, page }) => {
          const id = ++questions;
          const answered = new Promise<Insight[]>((resolve) => waiting.set(id, resolve));
          child.send({ id, type, page });
          return { data: await answered, failedCount: 0 };
        },
        close: async () => {},
      }),
      cpuMs: () => cpuOfTree(process.pid),
      stop: async () => void child.kill('SIGKILL'),
    };
  },
};
