/** Throws hostile programs at a real sandbox process, and hostile messages at whoever hears it. Everything follows from the seed. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Fault } from '@fingerpost/contracts';
import { createLog, type WallLevel } from '@fingerpost/platform';
import { readFromSandbox } from '../from-sandbox.ts';
import type { EffectOutcome, EffectRequest } from '../protocol.ts';
import { SandboxPool } from '../sandbox-pool.ts';
import { hostileMessage } from './messages.ts';
import { hostileProgram } from './programs.ts';
import { Random } from './random.ts';

const AT_ONCE = 8;
const MESSAGES = 2_000;
const LIMITS = { ...DEFAULT_LIMITS, wallMs: 600, cpuMs: 300 };
const GOOD = `var __integration = { run: async (context) => { console.log('good'); await new Promise((done) => setTimeout(done, 5)); return [{ type: 'text', content: context.page }] } };`;

export interface Fuzzed {
  programs: number;
  messages: number;
  /** how runs ended, by code */
  ends: Record<string, number>;
  /** what should not have been, with the program or the message */
  findings: { what: string; of: unknown }[];
}

/** Round after round for as long as `goesOn` says so; after each a good run has to answer. */
export async function fuzzBridge(seed: number, walls: WallLevel, goesOn: (round: number) => boolean): Promise<Fuzzed> {
  const random = new Random(seed);
  const fuzzed: Fuzzed = { programs: 0, messages: 0, ends: {}, findings: [] };
  const log = createLog('fuzz', { level: 'silent', format: 'json' });
  log.error = (_facts: unknown, what?: string) =>
    void fuzzed.findings.push({ what: what ?? 'an error in the log', of: batch });
  let batch: string[] = [];
  const pool = new SandboxPool({
    ...{ folder: join(import.meta.dirname, '../../../dist/inside'), walls, log },
    ...{ processes: 1, memoryMb: 1_500, mostRuns: 50, allowMissingWalls: false },
  });
  await pool.open();
  try {
    for (let round = 0; goesOn(round); round++) {
      batch = Array.from({ length: AT_ONCE }, () => hostileProgram(random));
      const ends = await Promise.all(batch.map((code) => endOf(pool, code, random.oneOf(['fresh', 'clean', 'warm']))));
      for (const end of ends) fuzzed.ends[end] = (fuzzed.ends[end] ?? 0) + 1;
      fuzzed.programs += batch.length;
      const good = await endOf(pool, GOOD, 'clean');
      if (good !== 'answered [{"type":"text","content":"here"}]')
        fuzzed.findings.push({ what: `a good run: ${good}`, of: batch });
      fuzzMessages(random, fuzzed);
    }
  } finally {
    pool.close();
  }
  return fuzzed;
}

async function endOf(pool: SandboxPool, code: string, isolation: 'fresh' | 'clean' | 'warm'): Promise<string> {
  const digest = createHash('sha256').update(code).digest('hex');
  const limits = code === GOOD ? DEFAULT_LIMITS : LIMITS;
  const run = { digest, isolation, context: '{"page":"here"}', secrets: { TOKEN: 'fpstandin' }, limits };
  const visitor = { onEffect: async (effect: EffectRequest) => answerTo(effect), onLog: () => {} };
  const perform = () => pool.perform({ kind: 'run', digest, limits, run, code }, visitor, true);
  // As the gateway does it: who was disturbed is run again once.
  const retried = perform().catch((fault: Fault) =>
    fault.code === 'run.disturbed' ? perform() : Promise.reject(fault),
  );
  return retried.then(
    ({ insights }) => (code === GOOD ? `answered ${JSON.stringify(insights)}` : 'answered'),
    (fault: Fault) => fault.code,
  );
}

const answerTo = (effect: EffectRequest): EffectOutcome =>
  effect.kind === 'fetch'
    ? { isOk: true, head: { status: 200, statusText: '', headers: [], url: '', isRedirected: false }, body: 'e30=' }
    : { isOk: true, head: { value: { __proto__: 1 } } };

function fuzzMessages(random: Random, fuzzed: Fuzzed): void {
  for (let n = 0; n < MESSAGES; n++) {
    const message = hostileMessage(random);
    fuzzed.messages++;
    try {
      const read = readFromSandbox(message);
      if (read !== undefined && (read !== message || whatIsOdd(read) !== undefined))
        fuzzed.findings.push({ what: `taken for one of ours: ${whatIsOdd(read)}`, of: message });
    } catch (error) {
      fuzzed.findings.push({ what: `reading throws: ${error}`, of: message });
    }
  }
  if ('polluted' in {} || Object.keys(Object.prototype).length > 0)
    fuzzed.findings.push({ what: 'a prototype was changed', of: 'messages' });
}

/** Said once more and otherwise than in `readFromSandbox`: what its users go by. */
function whatIsOdd(message: NonNullable<ReturnType<typeof readFromSandbox>>): string | undefined {
  if (message.say === 'ready') return message.missingWalls.every((wall) => wall.at !== undefined) ? undefined : 'walls';
  if (message.id % 1 !== 0) return 'id';
  if (message.say === 'log') return message.text.slice(0, 1) === undefined ? 'text' : undefined;
  if (message.say === 'failed') return message.failure.code.startsWith('run.') ? undefined : 'code';
  if (message.say === 'done')
    return message.result.reads?.some(({ path }) => path.join('.') === undefined) ? 'reads' : undefined;
  if (message.request.kind !== 'fetch') return message.request.key.trim() === undefined ? 'key' : undefined;
  return message.request.headers.every(([name, value]) => `${name.trim()}${value.trim()}` !== undefined)
    ? undefined
    : 'headers';
}
