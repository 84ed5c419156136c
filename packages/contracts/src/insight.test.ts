import type { Fault } from './error-codes.ts';
import { checkInsights, INSIGHT_LIMITS, INSIGHT_STATUSES, type Insight } from './insight.ts';

const text = (content: string): Insight => ({ type: 'text', content });
const link = (href: unknown) => ({ type: 'link', content: 'Logs', href });

const refusal = (value: unknown): Fault => {
  try {
    checkInsights(value);
  } catch (error) {
    return error as Fault;
  }
  throw new Error(`was taken: ${JSON.stringify(value)}`);
};

const expectRefused = (value: unknown, path: string) => {
  const fault = refusal(value);
  expect(fault).toMatchObject({ name: 'Fault', code: 'run.result_invalid', detail: { path } });
  expect(fault.message.startsWith(path)).toBe(true);
};

describe('what an integration returns', () => {
  it.each([undefined, null, false, []])('may be nothing: %j', (value) => {
    expect(checkInsights(value)).toEqual([]);
  });

  it('may be one insight or a list of them', () => {
    expect(checkInsights(text('hi'))).toEqual([text('hi')]);
    expect(checkInsights([text('a'), text('b')])).toEqual([text('a'), text('b')]);
  });

  it('keeps every field of the contract and no other', () => {
    const full: Insight = {
      type: 'dropdown',
      content: 'Deployments',
      href: 'https://deploys.acme.dev',
      status: 'important',
      icon: '🚀',
      tooltip: 'The last three',
      items: [
        { type: 'link', content: 'v3', href: 'http://a.b', status: 'success', icon: 'x', tooltip: 'y' },
        { content: 'v2' },
      ],
    };
    expect(checkInsights({ ...full, onclick: 'alert(1)', __html: '<b>' })).toEqual([full]);
    expect(checkInsights({ ...full, items: [{ ...full.items![0], style: 'x', items: [1] }] })).toEqual([
      { ...full, items: [full.items![0]] },
    ]);
  });

  it('takes no prototype from a field named __proto__', () => {
    const [insight] = checkInsights(JSON.parse('{"type":"text","content":"x","__proto__":{"href":"javascript:1"}}'));
    expect(insight!.href).toBeUndefined();
    expect(Object.keys(insight!)).toEqual(['type', 'content']);
  });

  it('leaves out optional fields that are null', () => {
    expect(checkInsights({ ...text('x'), href: null, status: null, icon: null, tooltip: null })).toEqual([text('x')]);
  });

  it.each(INSIGHT_STATUSES)('may have the status %s', (status) => {
    expect(checkInsights({ ...text('x'), status })).toEqual([{ ...text('x'), status }]);
  });

  it.each([true, 7, 'text', Symbol('x'), () => {}])('is refused when it is no object: %p', (value) => {
    expectRefused(value, 'insight[0]');
    expectRefused([text('fine'), value], 'insight[1]');
  });

  it('is refused when it is a list of lists', () => {
    expectRefused([[text('x')]], 'insight[0]');
  });

  it.each<[string, unknown, string]>([
    ['an unknown type', { type: 'html', content: 'x' }, 'insight[0].type'],
    ['no type', { content: 'x' }, 'insight[0].type'],
    ['a type by another name', { type: ['text'], content: 'x' }, 'insight[0].type'],
    ['no content', { type: 'text' }, 'insight[0].content'],
    ['content that is no text', { type: 'text', content: 7 }, 'insight[0].content'],
    ['content that turns into text', { type: 'text', content: { toString: () => 'x' } }, 'insight[0].content'],
    ['an unknown status', { ...text('x'), status: 'urgent' }, 'insight[0].status'],
    ['a status that objects inherit', { ...text('x'), status: 'constructor' }, 'insight[0].status'],
    ['an icon that is no text', { ...text('x'), icon: {} }, 'insight[0].icon'],
    ['a tooltip that is no text', { ...text('x'), tooltip: 7 }, 'insight[0].tooltip'],
    ['a link without an address', { type: 'link', content: 'x' }, 'insight[0].href'],
    ['a dropdown without items', { type: 'dropdown', content: 'x' }, 'insight[0].items'],
    ['items that are no list', { type: 'dropdown', content: 'x', items: {} }, 'insight[0].items'],
    ['an item that is no object', { type: 'dropdown', content: 'x', items: ['x'] }, 'insight[0].items[0]'],
    [
      'a dropdown in a dropdown',
      { type: 'dropdown', content: 'x', items: [{ type: 'dropdown', content: 'x', items: [] }] },
      'insight[0].items[0].type',
    ],
    [
      'an item with a bad link',
      { type: 'dropdown', content: 'x', items: [{ content: 'x' }, { content: 'x', href: 'javascript:1' }] },
      'insight[0].items[1].href',
    ],
  ])('is refused with %s', (_, value, path) => {
    expectRefused(value, path);
  });

  it('is refused beyond its limits, and taken at them', () => {
    const { insights, items, content, icon, tooltip } = INSIGHT_LIMITS;
    const x = (length: number) => 'x'.repeat(length);
    const list = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);
    expect(checkInsights(list(insights, text('x')))).toHaveLength(insights);
    expectRefused(list(insights + 1, text('x')), 'insights');
    expect(checkInsights({ type: 'dropdown', content: 'x', items: list(items, text('x')) })).toHaveLength(1);
    expectRefused({ type: 'dropdown', content: 'x', items: list(items + 1, text('x')) }, 'insight[0].items');
    expect(checkInsights({ ...text(x(content)), icon: x(icon), tooltip: x(tooltip) })).toHaveLength(1);
    expectRefused(text(x(content + 1)), 'insight[0].content');
    expectRefused({ ...text('x'), icon: x(icon + 1) }, 'insight[0].icon');
    expectRefused({ ...text('x'), tooltip: x(tooltip + 1) }, 'insight[0].tooltip');
    expectRefused(link(`https://a.b/${x(INSIGHT_LIMITS.href)}`), 'insight[0].href');
  });
});

describe('a link', () => {
  it.each(['https://a.b', 'http://a.b:8080/c?d#e', 'HTTPS://A.B', 'https://user@a.b/'])('may lead to %s', (href) => {
    expect(checkInsights(link(href))).toEqual([link(href)]);
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0000javascript:alert(1)',
    'javascript://a.b/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'blob:https://a.b/x',
    'file:///etc/passwd',
    'view-source:https://a.b',
    'mailto:a@b.c',
    '',
    '/relative',
    'relative',
    '//a.b',
    '?query',
    '#hash',
    'https://',
    'http:',
  ])('may not lead to %j', (href) => {
    expectRefused(link(href), 'insight[0].href');
  });

  it.each([7, {}, ['https://a.b'], true])('may not be %j', (href) => {
    expectRefused(link(href), 'insight[0].href');
  });

  it('is checked on texts and dropdowns too', () => {
    expectRefused({ ...text('x'), href: 'javascript:1' }, 'insight[0].href');
    expectRefused({ type: 'dropdown', content: 'x', items: [], href: 'data:,x' }, 'insight[0].href');
  });
});
