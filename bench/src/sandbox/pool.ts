import { createHash } from 'node:crypto';
import { DEFAULT_LIMITS, type Insight, type Isolation, isFault, type PageContext } from '@fingerpost/contracts';
import { createLog } from '@fingerpost/platform';
import {
  chooseWalls,
  type EffectOutcome,
  type EffectRequest,
  INSIDE,
  SandboxPool,
  type Visitor,
} from '@fingerpost/runner/sandbox';
import type { Answered } from '../ask.ts';
import { cpuOfTree } from '../cpu.ts';
import type { Contender } from '../target.ts';
import { bundled, type Codes } from './bundled.ts';
import { hold } from './hold.ts';
import { hostileCode } from './hostile.ts';
import { type PageType, SECRETS, upstreamAnswer } from './pages.ts';
import type { Sandboxed } from './sandboxed.ts';

const PAGE: PageContext = { type: 'generic', url: 'https://a.dev/' };
/** For runs that wait until there are many of them. */
const PATIENT = { ...DEFAULT_LIMITS, wallMs: 60_000 };
const log = createLog('bench', { level: 'silent', format: 'json' });

/** The product's sandbox, driven as the runner drives it: one process for approved code, behind the strongest walls there are. */
export const sandbox = (isolation: Isolation): Contender<Sandboxed> => ({
  label: isolation,
  start: async (files) => open(isolation, await bundled(files)),
});

async function open(isolation: Isolation, codes: Codes): Promise<Sandboxed> {
  const pool = new SandboxPool({
    folder: INSIDE,
    walls: await chooseWalls('process', INSIDE, log),
    processes: 1,
    memoryMb: 4_000, // room for all that is held at once, and no fair share in the way
    mostRuns: 200,
    allowMissingWalls: false,
    log,
  });
  await pool.open();
  const digests = new Map<string, string>();
  let versions = 0;

  async function run(
    code: string,
    context: PageContext,
    upstream = answerAtOnce,
    limits = DEFAULT_LIMITS,
  ): Promise<Answered> {
    if (!digests.has(code)) digests.set(code, createHash('sha256').update(code).digest('hex'));
    const digest = digests.get(code)!;
    const run = { digest, isolation, context: JSON.stringify(context), secrets: SECRETS, limits };
    const visitor: Visitor = { onEffect: upstream, onLog: () => {} };
    const { insights } = await pool.perform({ kind: 'run', digest, limits, run, code }, visitor, true);
    return { data: insights as Insight[], failedCount: 0 };
  }
  const anew = (code: string) => `${code}\n// version ${++versions}`;

  return {
    connect: () => ({
      ask: (context) => againIfDisturbed(() => run(codes[context.type as PageType], context)),
      close: async () => {},
    }),
    cpuMs: () => cpuOfTree(process.pid),
    stop: async () => pool.close(),
    another: () => open(isolation, codes),
    hold: (type, count) =>
      hold(count, type, (context, arrived) => {
        const upstream = async (request: EffectRequest) => {
          await arrived();
          return answerAtOnce(request);
        };
        return run(anew(codes[type]), context, upstream, PATIENT);
      }),
    suffer: async (program) => {
      await run(anew(hostileCode(program)), PAGE).catch(() => {});
    },
  };
}

/** As the gateway does with runs that had bad company. */
async function againIfDisturbed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error) || error.code !== 'run.disturbed') throw error;
    return work();
  }
}

async function answerAtOnce(request: EffectRequest): Promise<EffectOutcome> {
  if (request.kind === 'recall') return { isOk: true, head: { value: request.key } };
  if (request.kind !== 'fetch') throw new Error(`Nobody expects a ${request.kind}.`);
  const { url } = request;
  const head = {
    status: 200,
    statusText: 'OK',
    headers: [['content-type', 'application/json']],
    url,
    isRedirected: false,
  };
  return { isOk: true, head, body: Buffer.from(JSON.stringify(upstreamAnswer(url))).toString('base64') };
}
