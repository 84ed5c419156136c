import type { AnswerEvent } from '@fingerpost/bar';
import { checkedEvent } from './checked-event.ts';

const insight = (value: unknown, more: object = {}) =>
  checkedEvent({ name: 'insight', data: { integration: 'it', index: 0, insight: value, ...more } } as AnswerEvent);

describe('an event of a gateway', () => {
  it('passes as it is when it is as it should be', () => {
    const event: AnswerEvent = {
      name: 'insight',
      data: {
        integration: 'it',
        index: 1,
        insight: {
          type: 'dropdown',
          content: 'More',
          icon: 'team',
          status: 'relevant',
          tooltip: 'x',
          items: [
            { content: 'a', href: 'https://a.dev' },
            { type: 'text', content: 'b' },
          ],
        },
        isCached: true,
        isStale: false,
      },
    };
    expect(checkedEvent(event)).toEqual(event);
  });

  it.each([null, undefined, 7, 'text', [], {}, { type: 'script', content: 'x' }, { type: 'text', content: 7 }])(
    'is left out when its insight is %j',
    (value) => expect(insight(value)).toBeUndefined(),
  );

  it.each([{ index: -1 }, { index: 1e9 }, { index: 'a' }, { index: 0.5 }, { integration: '' }, { integration: {} }])(
    'is left out with %j',
    (more) => expect(insight({ type: 'text', content: 'x' }, more)).toBeUndefined(),
  );

  it('is cut to what a bar can bear', () => {
    const items = Array.from({ length: 5_000 }, () => ({ content: 'x'.repeat(9_999) }));
    const event = insight({
      type: 'dropdown',
      content: 'y'.repeat(9_999),
      href: `https://${'z'.repeat(9_999)}`,
      items,
    });
    expect(event).toMatchObject({ data: { insight: { content: 'y'.repeat(2_000) } } });
    const { insight: cut } = (event as Extract<AnswerEvent, { name: 'insight' }>).data;
    expect(cut.items).toHaveLength(200);
    expect(cut).not.toHaveProperty('href');
  });

  it('takes no fields that nobody knows', () => {
    const value = JSON.parse('{"type":"text","content":"x","__proto__":{"href":"y"},"onClick":"z","style":"w"}');
    expect(insight(value)).toMatchObject({ data: { insight: { type: 'text', content: 'x' } } });
    expect(Object.keys((insight(value) as { data: { insight: object } }).data.insight)).toEqual(['content', 'type']);
  });

  it.each([null, 7, [], { integrations: 'all' }])('expects nobody when it says %j', (data) => {
    expect(checkedEvent({ name: 'expected', data } as unknown as AnswerEvent)).toEqual({
      name: 'expected',
      data: { integrations: [] },
    });
  });
});
