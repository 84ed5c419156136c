import type { Insight } from '@fingerpost/contracts';
import { type AnswerEvent, type AnswerState, noAnswer, withEvent, withRetry } from './answer-state.ts';

const text = (content: string): Insight => ({ type: 'text', content });
const expected = (...integrations: string[]): AnswerEvent => ({ name: 'expected', data: { integrations } });
const insight = (integration: string, index: number, content: string, isStale = false): AnswerEvent => ({
  name: 'insight',
  data: { integration, index, insight: text(content), isCached: false, isStale },
});
const failure = (integration: string): AnswerEvent => ({
  name: 'failure',
  data: { integration, id: 'k3f9', reason: 'took longer than 5 s' },
});
const done: AnswerEvent = { name: 'done', data: { count: 1, cacheHits: 0, failedCount: 0, tookMs: 5 } };

const after = (...events: AnswerEvent[]): AnswerState => events.reduce(withEvent, noAnswer);

describe('the state of an answer', () => {
  it('keeps the order of priority, whoever answers first', () => {
    const state = after(expected('first', 'second'), insight('second', 0, 'b'), insight('first', 0, 'a'), done);
    expect(state.expected).toEqual(['first', 'second']);
    expect(state.isDone).toBe(true);
  });

  it('collects the insights of one integration by their index', () => {
    const state = after(expected('one'), insight('one', 0, 'a'), insight('one', 1, 'b'));
    expect(state.answers.get('one')).toMatchObject({ insights: [text('a'), text('b')] });
  });

  it('puts a fresh insight in the place of the stale one', () => {
    const state = after(expected('one'), insight('one', 0, 'old', true), insight('one', 0, 'new'));
    expect(state.answers.get('one')).toEqual({ insights: [text('new')], isCached: false, isStale: false });
  });

  it('leaves no holes when an index is skipped', () => {
    const state = after(expected('one'), insight('one', 7, 'a'));
    expect(state.answers.get('one')).toMatchObject({ insights: [text('a')] });
  });

  it('remembers why an integration failed', () => {
    const state = after(expected('one'), failure('one'));
    expect(state.answers.get('one')).toEqual({ failure: { id: 'k3f9', reason: 'took longer than 5 s' } });
  });

  it('shows whom nobody announced, behind the announced ones', () => {
    expect(after(expected('one'), insight('stranger', 0, 'x')).expected).toEqual(['one', 'stranger']);
  });

  it('is not led astray by names such as __proto__', () => {
    const state = after(expected('__proto__'), insight('__proto__', 0, 'x'));
    expect(state.answers.get('__proto__')).toMatchObject({ insights: [text('x')] });
    expect(Object.getPrototypeOf(state)).toBe(Object.getPrototypeOf(noAnswer));
  });

  it('begins anew with the next expected', () => {
    const state = after(expected('one'), insight('one', 0, 'a'), done, expected('two'));
    expect(state).toEqual({ expected: ['two'], answers: new Map(), isDone: false });
  });

  it('holds the place of one that is tried again and leaves the others', () => {
    const before = after(expected('one', 'two'), insight('one', 0, 'a'), failure('two'), done);
    const state = withRetry(before, 'two');
    expect(state.isDone).toBe(false);
    expect([...state.answers.keys()]).toEqual(['one']);
    expect(before.answers.has('two')).toBe(true);
  });
});
