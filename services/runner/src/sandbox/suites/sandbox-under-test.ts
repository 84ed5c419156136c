import { createHash } from 'node:crypto';
import { DEFAULT_LIMITS, type Fault, type Isolation, type RunLimits } from '@fingerpost/contracts';
import { createLog, type WallLevel } from '@fingerpost/platform';
import { INSIDE } from '../inside.ts';
import type { EffectOutcome, EffectRequest, SandboxResult } from '../protocol.ts';
import { SandboxPool } from '../sandbox-pool.ts';

export const PAGE = {
  type: 'github',
  url: 'https://github.com/acme/webshop',
  page: { repository: 'acme/webshop', name: 'repository' },
};
export const LIMITS: RunLimits = { ...DEFAULT_LIMITS, wallMs: 700, cpuMs: 400 };

export interface RunOptions {
  isolation: Isolation;
  context: object;
  limits: RunLimits;
  answer: (effect: EffectRequest) => EffectOutcome;
}

export type SandboxUnderTest = ReturnType<typeof sandboxUnderTest>;

/** A real pool of one process, open while the suites around it run, and what was logged and asked for in it. */
export function sandboxUnderTest(walls: WallLevel, memoryMb = 1_500) {
  const pool = new SandboxPool({
    folder: INSIDE,
    walls,
    processes: 1,
    memoryMb,
    mostRuns: 50,
    allowMissingWalls: false,
    log: createLog('test', { level: 'silent', format: 'json' }),
  });
  const logged: string[] = [];
  const effects: EffectRequest[] = [];

  beforeAll(() => pool.open());
  afterAll(() => pool.close());

  /** Runs the body of an integration's file; `isolation` decides what it shares with the next run of the same body. */
  function run(
    file: string,
    { isolation = 'fresh', context = PAGE, limits = LIMITS, answer = noAnswer }: Partial<RunOptions> = {},
  ): Promise<SandboxResult> {
    const code = `var __integration = (() => { const module = { exports: {} }; ${file}; return module.exports; })();`;
    const digest = createHash('sha256').update(code).digest('hex');
    const run = { digest, isolation, context: JSON.stringify(context), secrets: { TOKEN: 'fpplaceholder' }, limits };
    const visitor = {
      onEffect: async (effect: EffectRequest) => {
        effects.push(effect);
        return answer(effect);
      },
      onLog: (level: string, text: string) => void logged.push(`${level}: ${text}`),
    };
    return pool.perform({ kind: 'run', digest, limits, run, code }, visitor, true);
  }

  const insights = async (file: string, options?: Partial<RunOptions>) => (await run(file, options)).insights;

  /** A run that must answer while and after others misbehave. */
  const bystander = () =>
    insights(running(`await new Promise((r) => setTimeout(r, 50)); return [{ type: 'text', content: 'here' }]`));

  /** the processes for approved code */
  const approved = () => (Reflect.get(pool, 'processes') as { approved: { pid: number; kill(): void }[] }).approved;

  return { pool, logged, effects, run, insights, bystander, approved };
}

export const running = (body: string) => `module.exports = { run: async (context, secrets, dataFiles) => { ${body} } }`;

export const noAnswer = (): EffectOutcome => ({ isOk: false, code: 'bus.nobody_answers', message: 'nobody' });

export const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (fault: Fault) => fault.message,
  );

export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (fault: Fault) => fault.code,
  );

/** The gateway repeats a disturbed run once, with a new ticket; so do these tests. */
export async function retryOnce<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as Fault).code !== 'run.disturbed') throw error;
    return work();
  }
}

export const untilKilled = () => new Promise((resolve) => setTimeout(resolve, 1_000));
