import type { Results } from './bars.ts';
import { waitFor } from './server-process.ts';
import type { Target } from './target.ts';
import type { Cast, Entry, Part, Workload } from './workloads/workload.ts';

export interface Effort {
  rounds: number;
  /** 1: as many requests as the workload thinks right; less: that share of them */
  share: number;
}

export interface Outcome {
  workload: Workload<Target>;
  entries: (Omit<Entry<Target>, 'files'> & { loadMs?: number })[];
  results: Results;
}

/**
 * One workload on all its entries. The servers live side by side and are measured in turns (A B, A B, ...), so that whatever happens to
 * the machine meanwhile happens to all of them.
 */
export async function compare(
  workload: Workload<Target>,
  cast: Cast,
  { rounds, share }: Effort,
  say: (line: string) => void,
): Promise<Outcome> {
  const size = (requests: number) => Math.max(2, Math.round(requests * share));
  await using running = new AsyncDisposableStack();

  const started: { entry: Entry<Target>; target: Target }[] = [];
  for (const entry of await workload.entries(cast)) {
    say(`${workload.name}: starting ${entry.contender.label} with ${Object.keys(entry.files).length} integrations`);
    const target = await entry.contender.start(entry.files);
    running.defer(() => target.stop());
    for (const part of workload.parts.filter((part) => takesPart(entry, part)))
      await warmUp(entry.contender.label, target, part, size);
    started.push({ entry, target });
  }

  const noRounds = () => Object.fromEntries(started.map(({ entry }) => [entry.id, []]));
  const results: Results = Object.fromEntries(workload.parts.map(({ name }) => [name, noRounds()]));
  for (let round = 1; round <= rounds; round++) {
    for (const part of workload.parts) {
      for (const { entry, target } of started.filter(({ entry }) => takesPart(entry, part))) {
        say(`${workload.name}: round ${round} of ${rounds}, ${part.title}, ${entry.contender.label}`);
        const figures = await part.measure(target, size);
        results[part.name]![entry.id]!.push(figures);
      }
    }
  }
  return {
    workload,
    results,
    entries: started.map(({ entry: { files: _, ...entry }, target: { loadMs } }) => ({ ...entry, loadMs })),
  };
}

const takesPart = ({ id }: Entry<Target>, { without }: Part<Target>) => !without?.includes(id);

/** First the right answer, then a tenth of the load: compilers and caches of both sides should have seen the work before it counts. */
async function warmUp(
  label: string,
  target: Target,
  part: Part<Target>,
  size: (requests: number) => number,
): Promise<void> {
  const line = target.connect();
  let wrong: unknown;
  const isRight = async () => {
    const { context, check } = part.question();
    const answer = await line.ask(context);
    try {
      check(answer);
      return true;
    } catch (error) {
      wrong = error;
      return false;
    }
  };
  try {
    await waitFor({ what: 'the answer is right', seconds: 30 }, isRight);
  } catch (error) {
    throw new Error(`${label}: ${(wrong as Error | undefined)?.message ?? (error as Error).message}`, {
      cause: error,
    });
  } finally {
    await line.close();
  }
  await part.measure(target, (requests) => size(requests / 10));
}
