import { parseArgs } from 'node:util';

export interface Options {
  /** names of the workloads to run; empty: all */
  only: string[];
  rounds: number;
  isQuick: boolean;
  isJson: boolean;
  /** this product as separate processes on real NATS, Redis, Postgres and OpenBao */
  isCluster: boolean;
  /** another server to measure in this product's place */
  remote?: { url: string; token: string; folder?: string };
}

export const USAGE = `npm run bench -- [options]

  --only cached,uncached   only these workloads (cached, uncached, fan-out, slow-neighbour, match-scale, sandbox;
                           with --cluster also scale, fault)
  --rounds 5               how often every server has its turn
  --quick                  two short rounds: does everything work? The figures mean little
  --json                   the figures of every round as JSON on standard output
  --cluster                the product as separate processes on real NATS, Redis, Postgres and OpenBao
  --url http://host:port   measure this server in the product's place; it must speak POST /context
  --token TOKEN            the token that it wants
  --folder PATH            its integrations folder: each workload's files (bench-*) are put there and taken away again
`;

/** @throws when an option is unknown or makes no sense */
export function readOptions(args: string[], workloadNames: readonly string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      cluster: { type: 'boolean', default: false },
      url: { type: 'string' },
      token: { type: 'string' },
      folder: { type: 'string' },
    },
  });
  const only = values.only?.split(',').map((name) => name.trim()) ?? [];
  const unknown = only.find((name) => !workloadNames.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no workload "${unknown}"; there are ${workloadNames.join(', ')}.`);

  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a whole number from 1, not "${values.rounds}".`);

  if (values.url !== undefined && !URL.canParse(values.url))
    throw new Error(`--url must be an address such as http://127.0.0.1:3000, not "${values.url}".`);
  if (values.url === undefined && (values.token ?? values.folder) !== undefined)
    throw new Error('--token and --folder belong to --url.');
  if (values.cluster && values.url !== undefined)
    throw new Error('Either --cluster or --url: a server that somebody else started is what it is.');
  const remote =
    values.url === undefined ? undefined : { url: values.url, token: values.token ?? '', folder: values.folder };

  return { only, rounds, isQuick: values.quick, isJson: values.json, isCluster: values.cluster, remote };
}
