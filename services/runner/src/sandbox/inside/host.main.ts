/**
 * A sandbox process's life: isolates, and the talk with the runner. It has no environment, reads only the folder it lies in,
 * and reaches nothing but the channel to its parent.
 */
import { type FromSandbox, MOST_KEPT, type SandboxRun, type ToSandbox } from '../protocol.ts';
import { Compiled } from './compiled.ts';
import { GuestRun } from './guest-run.ts';
import { Isolates } from './isolates.ts';
import type { Isolate } from './ivm.ts';
import type { Room } from './room.ts';
import { findMissingWalls } from './try-walls.ts';

const LOAD_MS = 100;
const LAST_WORDS_MS = 500;

// All that the runner says beforehand: megabytes of heap for the isolates together.
const isolates = new Isolates(Number(process.argv[2]), onLost);
const compiled = new Compiled();
const runs = new Map<number, GuestRun>();
const codes = new Map<string, string>();
const datas = new Map<string, string>();

const say = (message: FromSandbox): void => {
  process.send?.(message);
};

process.on('message', (message: ToSandbox) => {
  switch (message.say) {
    case 'run':
      return void orFail(message.id, run(message.id, message.run));
    case 'inspect':
      return void orFail(message.id, inspect(message));
    case 'settle':
      return runs.get(message.id)?.settle(message.effect, message.outcome);
    case 'cancel':
      return runs.get(message.id)?.stop({ code: 'run.timed_out', message: 'Nobody waits for this run any more.' });
  }
});
// Ended with everybody in it, the process can no longer say who it was that computed.
setInterval(() => {
  if (runs.size > 0) say({ say: 'load', runs: loads() });
}, LOAD_MS).unref();
// A terminal, or whoever ends the product, tells every process of it: when this one ends, its parent decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Without a parent there is nobody to work for.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const loads = (): [number, number][] =>
  [...runs].flatMap(([id, guest]) => {
    const cpuMs = guest.takeCpuMs();
    return cpuMs === undefined ? [] : [[id, cpuMs]];
  });

/** Whose isolate it was is the last that the process says: the runner ends it. */
function onLost(isolate: Isolate): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WORDS_MS);
  for (const [id, guest] of runs)
    if (guest.livesIn(isolate))
      say({
        say: 'failed',
        id,
        failure: { code: 'run.out_of_memory', message: 'The run has used up what memory there is.' },
        isStuck: true,
      });
}

/** A run that could not begin costs only itself: an error that nobody hears would end the process with everybody in it. */
async function orFail(id: number, work: Promise<void>): Promise<void> {
  await work.catch(() =>
    say({ say: 'failed', id, failure: { code: 'run.disturbed', message: 'No isolate could be made for the run.' } }),
  );
}

async function run(id: number, given: SandboxRun): Promise<void> {
  const code = keep(codes, given.digest, given.code);
  const data = given.dataDigest === undefined ? '' : keep(datas, given.dataDigest, given.data);
  const secrets = JSON.stringify(given.secrets);
  const askedAt = performance.now();
  const room = await isolates.take(given, secrets, code);
  if (room === undefined) return sayFull(id);
  const args = [given.context, secrets, data, given.viewer === undefined ? '' : JSON.stringify(given.viewer)];
  const isAnswered = await live(
    id,
    new GuestRun(id, room, given.limits, say, askedAt),
    room,
    given.digest,
    code,
    'run',
    args,
  );
  isolates.leave(room, isAnswered);
}

async function inspect({ id, code, limits }: Extract<ToSandbox, { say: 'inspect' }>): Promise<void> {
  const room = await isolates.takeFresh(`inspection ${id}`, limits, isolates.kitOf(undefined, code));
  if (room === undefined) return sayFull(id);
  await live(id, new GuestRun(id, room, limits, say), room, undefined, code, 'inspect', []);
  isolates.leave(room, false);
}

const sayFull = (id: number): void =>
  say({ say: 'failed', id, failure: { code: 'runner.full', message: 'No isolate became free in time.' } });

async function live(
  id: number,
  guest: GuestRun,
  room: Room,
  digest: string | undefined,
  code: string,
  operation: 'run' | 'inspect',
  args: string[],
): Promise<boolean> {
  runs.set(id, guest);
  const isAnswered = await guest.live(() => compiled.compile(room, digest, code), operation, args);
  runs.delete(id);
  return isAnswered;
}

/** The runner sends code and data once for each process; it keeps the same list, so the two forget together. */
function keep(kept: Map<string, string>, digest: string, given: string | undefined): string {
  if (given !== undefined) {
    kept.set(digest, given);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  }
  return kept.get(digest)!;
}

say({ say: 'ready', missingWalls: await findMissingWalls() });
