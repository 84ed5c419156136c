import type { Insight } from '@fingerpost/contracts';
import type { Answer, AnswerState } from './answer-state.ts';
import { type Chip, chipsOf, filterRows, rowsOfChips, rowsOfItems } from './chips.ts';

const answered = (...insights: Insight[]): Answer => ({ insights, isCached: false, isStale: false });
const state = (answers: Record<string, Answer>, expected: string[], isDone: boolean): AnswerState => ({
  expected,
  answers: new Map(Object.entries(answers)),
  isDone,
});
const kinds = (chips: Chip[]) => chips.map((chip) => `${chip.integration}:${chip.kind}`);

describe('the chips of an answer', () => {
  it('hold a place for those still coming, in order of priority', () => {
    const chips = chipsOf(state({ b: answered({ type: 'text', content: 'x' }) }, ['a', 'b', 'c'], false));
    expect(kinds(chips)).toEqual(['a:pending', 'b:insight', 'c:pending']);
  });

  it('give the places of the silent ones away once all is done', () => {
    const chips = chipsOf(state({ b: { failure: { id: 'i', reason: 'failed' } } }, ['a', 'b', 'c'], true));
    expect(kinds(chips)).toEqual(['b:failure']);
  });

  it('become rows where there is no room: a dropdown as a group, a failure as itself, nothing for a pending one', () => {
    const menu: Insight = {
      type: 'dropdown',
      content: 'URLs',
      items: [{ type: 'link', content: 'EU', href: 'https://eu.acme.dev' }],
    };
    const link: Insight = { type: 'link', content: 'Logs', href: 'https://logs.acme.dev' };
    const chips = chipsOf(
      state({ a: answered(menu, link), b: { failure: { id: 'i', reason: 'failed' } } }, ['a', 'b', 'c'], false),
    );
    const rows = rowsOfChips(chips);
    expect(rows.map((row) => row.kind)).toEqual(['heading', 'item', 'item', 'failure']);
    expect(rows[2]).toMatchObject({ item: { type: 'link', content: 'Logs', href: 'https://logs.acme.dev' } });
  });
});

describe('filtering rows', () => {
  const rows = rowsOfItems([
    { content: 'Production EU' },
    { content: 'Production US', tooltip: 'primary' },
    { content: 'Staging' },
  ]);
  const contents = (typed: string) => filterRows(rows, typed).map((row) => row.kind === 'item' && row.item.content);

  it('asks for every word, in any order and case', () => {
    expect(contents('us PROD')).toEqual(['Production US']);
    expect(contents('primary')).toEqual(['Production US']);
    expect(contents('nowhere')).toEqual([]);
    expect(contents('  ')).toHaveLength(3);
  });

  it('keeps a heading only where a row of its group is left', () => {
    const grouped = [{ kind: 'heading', key: 'h', content: 'Environments' } as const, ...rows];
    expect(filterRows(grouped, 'staging').map((row) => row.kind)).toEqual(['heading', 'item']);
    expect(filterRows(grouped, 'nowhere')).toEqual([]);
  });
});
