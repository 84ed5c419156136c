import { cpus, loadavg } from 'node:os';
import { type Bar, type Figure, figuresOf, type Results, ratio } from './bars.ts';
import type { Outcome } from './compare.ts';
import { type Spread, spreadOf } from './figures.ts';
import type { Target } from './target.ts';
import type { Part } from './workloads/workload.ts';

const COLUMNS: { figure: Figure; head: string; digits: number }[] = [
  { figure: 'requestsPerSecond', head: 'requests/s', digits: 0 },
  { figure: 'p50Ms', head: 'p50 ms', digits: 2 },
  { figure: 'p99Ms', head: 'p99 ms', digits: 2 },
  { figure: 'cpuMsPerRequest', head: 'CPU ms/request', digits: 3 },
  { figure: 'memoryMb', head: 'MB each', digits: 2 },
];

const NONE = 'n/a';

/** From here on the load generator may have been what held the server back. */
const BUSY = 0.85;

export function machineLine(): string {
  const [cpu] = cpus();
  const load = loadavg()[0]!.toFixed(1);
  return `${new Date().toISOString().slice(0, 16)}Z, Node ${process.versions.node}, ${cpus().length} x ${cpu?.model.trim()}, load before the start ${load}`;
}

/** Median (least to most) of the rounds; ratios are taken round by round. */
export function tableOf({ workload, entries, results }: Outcome): string {
  const isLoadShown = entries.some(({ note }) => note !== undefined);
  const parts = workload.parts.map((part) => partTable(part, entries, results, isLoadShown));
  return [`${workload.name}: ${workload.title}`, ...parts, barLines(workload.bars, results), ''].join('\n');
}

/** Every figure of every round, for programs. */
export function asJson({ workload, entries, results }: Outcome) {
  const servers = entries.map(({ id, contender, note, loadMs }) => ({ id, label: contender.label, note, loadMs }));
  const bars = workload.bars.map((bar) => ({ bar, read: bar.read(results) }));
  return {
    workload: workload.name,
    servers,
    rounds: results,
    bars: bars.flatMap(({ bar: { says, from, unit, isMet }, read }) =>
      read === undefined ? [] : [{ says, from, unit, ...read, isMet: isMet(read.median) }],
    ),
  };
}

function partTable(part: Part<Target>, entries: Outcome['entries'], results: Results, isLoadShown: boolean): string {
  const columns = COLUMNS.filter(({ figure }) =>
    entries.some(({ id }) => figuresOf(results, part.name, id, figure).length > 0),
  );
  const rows = entries.flatMap(({ id, contender, note, loadMs, against }) => {
    const label = note === undefined ? contender.label : `${contender.label}, ${note}`;
    const values = columns.map(({ figure, digits }) => {
      const rounds = figuresOf(results, part.name, id, figure);
      return rounds.length === 0 ? NONE : spreadText(spreadOf(rounds), digits);
    });
    const load = loadMs === undefined ? NONE : (loadMs / 1_000).toFixed(1);
    const row = [label, ...values, ...(isLoadShown ? [load] : [])];
    if (values.every((value) => value === NONE)) return [];
    const other = entries.find((entry) => entry.id === against);
    const times = other === undefined ? [] : ratios(results, part.name, columns, id, other.id);
    return times.every((text) => text === '') ? [row] : [row, [`  times ${other!.contender.label}`, ...times]];
  });
  const head = ['', ...columns.map(({ head }) => head), ...(isLoadShown ? ['ready after s'] : [])];
  return [
    `  ${part.title}`,
    ...aligned([head, ...rows]).map((line) => `    ${line}`),
    ...generatorNote(results, part, entries),
  ].join('\n');
}

function ratios(results: Results, part: string, columns: typeof COLUMNS, of: string, to: string): string[] {
  return columns.map(({ figure }) => {
    const times = ratio(results, { part, figure, of, to });
    return times === undefined ? '' : spreadText(times, 2);
  });
}

function generatorNote(results: Results, { name }: Part<Target>, entries: Outcome['entries']): string[] {
  return entries
    .filter(({ id }) => figuresOf(results, name, id, 'requestsPerSecond').length > 0)
    .filter(({ id }) => isBusy(figuresOf(results, name, id, 'generatorLoad')))
    .map(
      ({ contender }) => `    The load generator was busy all the time: ${contender.label} can do at least this much.`,
    );
}

const isBusy = (loads: number[]) => loads.length > 0 && spreadOf(loads).median > BUSY;

function barLines(bars: readonly Bar[], results: Results): string {
  const rows = bars.flatMap((bar) => {
    const read = bar.read(results);
    if (read === undefined) return [];
    return [[bar.isMet(read.median) ? 'met' : 'MISSED', bar.says, `${spreadText(read, 2)} ${bar.unit}`, bar.from]];
  });
  return aligned(rows, 'left')
    .map((line) => `  ${line}`)
    .join('\n');
}

function spreadText({ median, min, max }: Spread, digits: number): string {
  const text = (value: number) =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return min === max ? text(median) : `${text(median)} (${text(min)}-${text(max)})`;
}

/** The first column to the left, figures to the right. */
function aligned(rows: string[][], figures: 'left' | 'right' = 'right'): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) =>
      row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)).concat(widest.slice(row.length)),
    [],
  );
  const pad = (cell: string, column: number) =>
    column === 0 || figures === 'left' ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}
