/** Throws hostile programs at a real sandbox process, and hostile messages at whoever hears it. Everything follows from the seed. */
import { createHash } from 'node:crypto';
import { DEFAULT_LIMITS, type Fault } from '@fingerpost/contracts';
import { createLog, type WallLevel } from '@fingerpost/platform';
import { readFromSandbox } from '../from-sandbox.ts';
import { INSIDE } from '../inside.ts';
import type { EffectOutcome, EffectRequest, FromSandbox } from '../protocol.ts';
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
    folder: INSIDE,
    walls,
    log,
    processes: 1,
    memoryMb: 1_500,
    mostRuns: 50,
    allowMissingWalls: false,
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
  const run = { digest, isolation, context: '{"page":"here"}', secrets: { TOKEN: 'fpplaceholder' }, limits };
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
      if (read !== undefined) use(read);
    } catch (error) {
      fuzzed.findings.push({ what: `not what it was taken for: ${error}`, of: message });
    }
  }
  if ('polluted' in {} || Object.keys(Object.prototype).length > 0)
    fuzzed.findings.push({ what: 'a prototype was changed', of: 'messages' });
}

/** As those do who are given it: a field that is not of its type throws here. */
function use(message: FromSandbox): void {
  message.say.trim();
  if (message.say === 'ready') return void message.missingWalls.map((wall) => wall.trim());
  if (message.say === 'load') return void message.runs.map(([id, cpuMs]) => id.toFixed() + cpuMs.toFixed());
  message.id.toFixed();
  switch (message.say) {
    case 'log':
      return void [message.level, message.text].map((text) => text.trim());
    case 'failed':
      return void [message.failure.code, message.failure.message, message.failure.stack].map((text) => text?.trim());
    case 'done':
      return void message.result.reads?.map(({ path }) => path.map((field) => field.trim()));
    case 'inspected':
      return void Number(message.found.hasRun).toFixed();
    case 'effect':
      if (message.request.kind !== 'fetch') return void message.request.key.trim();
      return void message.request.headers.map(([name, value]) => [name.trim(), value.trim()]);
  }
}
