import type { Isolation, PageContext } from '@fingerpost/contracts';
import type { Answered } from '../ask.ts';
import type { Bar } from '../bars.ts';
import type { ClusterServer, ClusterSize } from '../cluster.ts';
import type { Figures, Question } from '../load.ts';
import type { Contender, Files, Server, Target } from '../target.ts';

/** Who may take part: this product (or the server that `--url` names) and the yardstick. */
export interface Cast {
  /** this product with a default isolation; a server behind `--url` has none and is the same for all */
  ours(isolation?: Isolation): Contender;
  /** separate processes on real servers, where they were asked for */
  cluster?(label: string, size: ClusterSize): Contender<ClusterServer>;
  yardstick: Contender;
  /** somebody else's server: one folder, one set of files at a time */
  isRemote: boolean;
}

/** One server on one set of files. Bars and ratios name it by its id. */
export interface Entry<T extends Target = Server> {
  id: string;
  contender: Contender<T>;
  files: Files;
  /** what stands in its line besides the contender's name */
  note?: string;
  /** the id that its ratios compare it with */
  against?: string;
}

/** One thing that a workload measures on each of its entries. */
export interface Part<T extends Target = Server> {
  name: string;
  title: string;
  /** ids of the entries that cannot take part */
  without?: readonly string[];
  /** the next question: asked until its answer is right before anything is measured */
  question(): Question;
  /** `size` is how many requests are worth it in the time there is: 1 normally, less with `--quick` */
  measure(target: T, size: (requests: number) => number): Promise<Figures>;
}

export interface Workload<T extends Target = Server> {
  name: string;
  title: string;
  entries(cast: Cast): Entry<T>[] | Promise<Entry<T>[]>;
  parts: Part<T>[];
  bars: Bar[];
}

let pages = 0;

/** A page that nobody asked about before. */
export const newPage = (): PageContext => webshopPage(++pages);

/** The page with this number; the same number is the same page. */
export const webshopPage = (number: number): PageContext => ({
  type: 'github',
  url: `https://github.com/acme/webshop/pull/${number}`,
  page: { name: 'repository', repository: 'acme/webshop', section: { name: 'pulls', pull: `${number}` } },
});

/** The answer must consist of just these, whatever their order. */
export const answers = (contents: string[]) => {
  const expected = contents.toSorted().join('\n');
  return ({ data, failedCount }: Answered) => {
    const got = data
      .map(({ content }) => content)
      .toSorted()
      .join('\n');
    if (failedCount > 0 || got !== expected)
      throw new Error(`Expected the answer\n${expected}\nbut got\n${got || 'nothing'}`);
  };
};

/** An integration file in the format that every contender reads. `run` is the body of its function. */
export function integrationFile(
  name: string,
  { cache, match, run }: { cache: number; match?: string; run: string },
): Files {
  const text = `module.exports = {
  metadata: {
    name: '${name}',
    match: { ${match ?? `contextType: 'github', context: { 'page.repository': { startsWith: 'acme/' } }`} },
    cache: ${cache},
  },
  async run(context) {
    ${run}
  },
};
`;
  return { [`${name}.integration.js`]: text };
}
