import { ratiosOf, type Spread, spreadOf } from './figures.ts';
import type { Figures } from './load.ts';

export type Figure = keyof Figures;

/** Part name to entry id to the figures of every round. */
export type Results = Record<string, Record<string, Figures[]>>;

/** A number that the design or an issue asks for. */
export interface Bar {
  says: string;
  from: string;
  /** nothing when the entry did not take part or could not be measured */
  read(results: Results): Spread | undefined;
  isMet(value: number): boolean;
  unit: 'ms' | 'MB' | 'times';
}

interface Ask {
  part: string;
  figure: Figure;
  of: string;
  from: string;
  atLeast?: number;
  atMost?: number;
}

const NAMES: Record<Figure, string> = {
  requestsPerSecond: 'requests/s',
  p50Ms: 'p50',
  p99Ms: 'p99',
  cpuMsPerRequest: 'CPU per request',
  memoryMb: 'memory',
  generatorLoad: 'generator load',
};

export function valueBar(ask: Ask): Bar {
  return {
    ...limitOf(ask),
    says: `${ask.of}, ${ask.part}: ${NAMES[ask.figure]} ${limitText(ask)} ${unitOf(ask.figure)}`,
    from: ask.from,
    unit: unitOf(ask.figure),
    read: (results) => spread(figuresOf(results, ask.part, ask.of, ask.figure)),
  };
}

export function ratioBar(ask: Ask & { to: string }): Bar {
  return {
    ...limitOf(ask),
    says: `${ask.of}, ${ask.part}: ${NAMES[ask.figure]} ${limitText(ask)} times that of ${ask.to}`,
    from: ask.from,
    unit: 'times',
    read: (results) => ratio(results, ask),
  };
}

/** One entry against itself: what a part costs it beside another. */
export function besideBar(ask: Ask & { beside: string }): Bar {
  const { of, figure, part, beside } = ask;
  return {
    ...limitOf(ask),
    says: `${of}, ${part}: ${NAMES[figure]} ${limitText(ask)} times that of ${beside}`,
    from: ask.from,
    unit: 'times',
    read: (results) => {
      const [there, here] = [part, beside].map((name) => figuresOf(results, name, of, figure)) as [number[], number[]];
      return there.length === 0 || here.length === 0 ? undefined : ratiosOf(there, here);
    },
  };
}

export function ratio(
  results: Results,
  { part, figure, of, to }: { part: string; figure: Figure; of: string; to: string },
): Spread | undefined {
  const ours = figuresOf(results, part, of, figure);
  const theirs = figuresOf(results, part, to, figure);
  return ours.length === 0 || theirs.length === 0 ? undefined : ratiosOf(ours, theirs);
}

export function figuresOf(results: Results, part: string, id: string, figure: Figure): number[] {
  return (results[part]?.[id] ?? []).map((figures) => figures[figure]).filter((value) => value !== undefined);
}

const unitOf = (figure: Figure) => (figure === 'memoryMb' ? 'MB' : 'ms');

const spread = (values: number[]) => (values.length === 0 ? undefined : spreadOf(values));

const limitOf = ({ atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Ask) => ({
  isMet: (value: number) => value >= atLeast && value <= atMost,
});

function limitText({ atLeast, atMost }: Ask): string {
  const round = (value: number) => Number(value.toFixed(2));
  return atLeast === undefined ? `at most ${round(atMost!)}` : `at least ${round(atLeast)}`;
}
