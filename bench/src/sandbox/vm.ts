import { createContext, Script } from 'node:vm';
import type { Insight, PageContext } from '@fingerpost/contracts';
import type { Answered } from '../ask.ts';
import { cpuOfTree } from '../cpu.ts';
import type { Contender } from '../target.ts';
import { bundled } from './bundled.ts';
import { type PageType, SECRETS, upstreamAnswer } from './pages.ts';
import type { Sandboxed } from './sandboxed.ts';
import { webGlobals } from './web-globals.ts';

type Integration = { run: (context: object, secrets: object, dataFiles: object[]) => Promise<Insight[]> };

/** `node:vm`: a new context for every run in this very process, the script compiled once. No boundary, and nothing stops a loop. */
export const vm: Contender<Sandboxed> = {
  label: 'node:vm',
  start: async (files) => {
    const codes = await bundled(files);
    const scripts = new Map<string, Script>();

    async function run(page: PageContext): Promise<Answered> {
      const type = page.type as PageType;
      if (!scripts.has(type)) scripts.set(type, new Script(codes[type]));
      const context = createContext(webGlobals(async ({ url }) => Response.json(upstreamAnswer(url))));
      scripts.get(type)!.runInContext(context);
      const { __integration: exported } = context as { __integration: Integration & { default?: Integration } };
      const data = await (exported.default ?? exported).run(JSON.parse(JSON.stringify(page)), { ...SECRETS }, []);
      return { data: JSON.parse(JSON.stringify(data)), failedCount: 0 };
    }

    return {
      isHere: true,
      connect: () => ({ ask: run, close: async () => {} }),
      cpuMs: () => cpuOfTree(process.pid),
      stop: async () => {},
    };
  },
};
