import type { Insight, InsightItem, InsightStatus } from '@fingerpost/contracts';
import type { AnswerState } from './answer-state.ts';

/** One place in the bar. */
export type Chip =
  | { kind: 'insight'; key: string; integration: string; insight: Insight; isStale: boolean }
  | { kind: 'failure'; key: string; integration: string; reason: string; id: string }
  | { kind: 'pending'; key: string; integration: string };

/** In priority order, with a place held for whoever is still coming. */
export function chipsOf(state: AnswerState): Chip[] {
  return state.expected.flatMap((integration): Chip[] => {
    const answer = state.answers.get(integration);
    if (answer === undefined) return state.isDone ? [] : [{ kind: 'pending', key: `${integration}/0`, integration }];
    if ('failure' in answer)
      return [{ kind: 'failure', key: `${integration}/failure`, integration, ...answer.failure }];
    return answer.insights.map((insight, index) => ({
      kind: 'insight',
      key: `${integration}/${index}`,
      integration,
      insight,
      isStale: answer.isStale,
    }));
  });
}

/** One row of an opened panel. A heading opens the group that follows it. */
export type Row =
  | { kind: 'heading'; key: string; content: string }
  | { kind: 'item'; key: string; item: InsightItem }
  | { kind: 'failure'; key: string; integration: string; reason: string; id: string };

export const rowsOfItems = (items: readonly InsightItem[]): Row[] =>
  items.map((item, index) => ({ kind: 'item', key: String(index), item }));

/** The chips that found no room in a narrow bar, as rows of its "more" panel. */
export function rowsOfChips(chips: readonly Chip[]): Row[] {
  return chips.flatMap((chip): Row[] => {
    if (chip.kind === 'pending') return [];
    if (chip.kind === 'failure') return [chip];
    const { type, items = [], ...face } = chip.insight;
    if (type !== 'dropdown') return [{ kind: 'item', key: chip.key, item: { type, ...face } }];
    const rows = items.map((item, index): Row => ({ kind: 'item', key: `${chip.key}/${index}`, item }));
    return [{ kind: 'heading', key: chip.key, content: face.content }, ...rows];
  });
}

/** Every typed word must be in the row; a heading stays as long as one of its rows does. */
export function filterRows(rows: readonly Row[], typed: string): Row[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  const hits = rows.filter((row) => row.kind === 'heading' || words.every((word) => searchText(row).includes(word)));
  return hits.filter((row, index) => row.kind !== 'heading' || hits[index + 1]?.kind === 'item');
}

function searchText(row: Row): string {
  if (row.kind === 'failure') return `${row.integration} ${row.reason}`.toLowerCase();
  if (row.kind === 'heading') return row.content.toLowerCase();
  return `${row.item.content} ${row.item.tooltip ?? ''}`.toLowerCase();
}

/** What a status is called by those who do not see its colour. */
export const STATUS_NAMES: Record<Exclude<InsightStatus, 'none'>, string> = {
  important: 'important',
  relevant: 'relevant',
  success: 'good',
};

/** What is read out of something that is neither link nor button: those have their words as their name by themselves. */
export const spoken = ({ status, content }: Pick<InsightItem, 'status' | 'content'>, isStale = false): string =>
  `${status === undefined || status === 'none' ? '' : `${STATUS_NAMES[status]}: `}${content}${isStale ? ', older answer' : ''}`;
