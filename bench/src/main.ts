import { clustered } from './cluster.ts';
import { compare, type Outcome } from './compare.ts';
import { readOptions, USAGE } from './options.ts';
import { asJson, machineLine, tableOf } from './report.ts';
import { fingerpost, remote, yardstick } from './target.ts';
import { workloads } from './workloads/index.ts';
import type { Cast } from './workloads/workload.ts';

// Servers that were started go away with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const args = process.argv.slice(2);
if (args.includes('--help')) exitWith(USAGE, 0);

const options = tryTo(() =>
  readOptions(
    args,
    workloads.map(({ name }) => name),
  ),
);
const cast: Cast = {
  ours: (isolation) => {
    if (options.remote !== undefined) return remote(options.remote.url, options.remote.token, options.remote.folder);
    const settings = isolation === undefined ? {} : { FINGERPOST_ISOLATION: isolation };
    const label = ['fingerpost', ...(isolation === undefined ? [] : [isolation])].join(' ');
    return options.isCluster ? clustered(label, { settings }) : fingerpost(label, settings);
  },
  ...(options.isCluster && { cluster: clustered }),
  yardstick,
  isRemote: options.remote !== undefined,
};

const effort = { rounds: options.rounds, share: options.isQuick ? 0.05 : 1 };
const chosen = workloads.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
const machine = machineLine();
const outcomes: Outcome[] = [];

if (!options.isJson) console.log(`${machine}\nMedian (least-most) of ${options.rounds} rounds, taken in turns.\n`);
for (const workload of chosen) {
  const outcome = await compare(workload, cast, effort, progress).catch((error) =>
    exitWith(`\n${workload.name}: ${error.message}`, 1),
  );
  progress('');
  outcomes.push(outcome);
  if (!options.isJson) console.log(tableOf(outcome));
}
if (options.isJson) console.log(JSON.stringify({ machine, workloads: outcomes.map(asJson) }, null, 2));

/** One line that is written over and over; silent where nobody watches. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}`);
}

function tryTo<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return exitWith(`${(error as Error).message}\n\n${USAGE}`, 2);
  }
}

function exitWith(text: string, code: number): never {
  console.error(text);
  process.exit(code);
}
