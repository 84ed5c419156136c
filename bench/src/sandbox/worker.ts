import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PageContext } from '@fingerpost/contracts';
import type { Answered } from '../ask.ts';
import { cpuOfTree } from '../cpu.ts';
import type { Contender } from '../target.ts';
import { bundled } from './bundled.ts';
import { type PageType, SECRETS, upstreamAnswer } from './pages.ts';
import type { Sandboxed } from './sandboxed.ts';

const PROGRAM = join(import.meta.dirname, 'worker.main.js');

/** A worker thread for every run: an isolate of V8's with Node's whole platform in it, and Node's whole reach. */
export const worker: Contender<Sandboxed> = {
  label: 'worker thread',
  start: async (files) => {
    const codes = await bundled(files);
    return {
      isHere: true,
      connect: () => ({ ask: (page) => inThread(codes[page.type as PageType], page), close: async () => {} }),
      cpuMs: () => cpuOfTree(process.pid),
      stop: async () => {},
    };
  },
};

async function inThread(code: string, page: PageContext): Promise<Answered> {
  const thread = new Worker(PROGRAM, {
    workerData: { code, context: JSON.stringify(page), secrets: SECRETS },
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  try {
    return await new Promise<Answered>((resolve, reject) => {
      thread.on('error', reject);
      thread.on('message', ({ asks, says }: { asks?: string; says?: string }) => {
        if (says !== undefined) return resolve({ data: JSON.parse(says), failedCount: 0 });
        thread.postMessage(JSON.stringify(upstreamAnswer(asks!)));
      });
    });
  } finally {
    void thread.terminate();
  }
}
