import type { Insight } from '@fingerpost/contracts';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Answer } from './answer-state.ts';
import { Bar } from './bar.tsx';

const draw = (answers: Record<string, Answer>, expected = Object.keys(answers), isDone = true) =>
  renderToStaticMarkup(<Bar state={{ expected, answers: new Map(Object.entries(answers)), isDone }} />);
const drawOne = (insight: Insight, isStale = false) => draw({ one: { insights: [insight], isCached: false, isStale } });

describe('the bar', () => {
  it('is a labelled toolbar that says when it is still busy', () => {
    expect(draw({}, ['one'], false)).toMatch(/role="toolbar" aria-label="[^"]+" aria-busy="true"/);
    expect(draw({})).toMatch(/aria-busy="false"/);
  });

  it('opens links in a tab of their own, without a way back', () => {
    const html = drawOne({ type: 'link', content: 'Logs', href: 'https://logs.acme.dev/' });
    expect(html).toMatch(/<a [^>]*href="https:\/\/logs.acme.dev\/" target="_blank" rel="noopener noreferrer"/);
  });

  it('draws any other address as text', () => {
    const html = drawOne({ type: 'link', content: 'Click', href: 'javascript:alert(1)' });
    expect(html).toContain('Click');
    expect(html).not.toMatch(/<a |javascript:/);
  });

  it('shows markup as text', () => {
    const html = drawOne({ type: 'text', content: '<img src=x onerror=alert(1)>', tooltip: '"><script>' });
    expect(html).toContain('&lt;img src=x');
    expect(html).not.toMatch(/<img|<script/);
  });

  it('says a status and an older answer in words too', () => {
    const html = drawOne({ type: 'text', content: 'Incident', status: 'important' }, true);
    expect(html).toContain('important: ');
    expect(html).toContain('older answer');
  });

  it('lets the Tab key reach exactly one chip', () => {
    const insights: Insight[] = [
      { type: 'text', content: 'a' },
      { type: 'dropdown', content: 'b', items: [] },
    ];
    const html = draw({
      one: { insights, isCached: false, isStale: false },
      two: { failure: { id: 'i', reason: 'failed' } },
    });
    expect(html.match(/tabindex="0"/gi)).toHaveLength(1);
    expect(html.match(/tabindex="-1"/gi)).toHaveLength(2);
  });

  it('keeps skeletons from screen readers and says what came in the end', () => {
    expect(draw({}, ['one'], false)).toMatch(/skeleton" aria-hidden="true"/);
    expect(draw({ two: { failure: { id: 'i', reason: 'failed' } } })).toContain('0 insights, 1 could not answer');
  });

  it('has drawings for the tools that platform teams have', () => {
    const tools =
      'aws aws-cost bitbucket circleci cloudflare confluence datadog docker github github-actions gitlab google-cloud grafana jira kubernetes lambda launchdarkly linear newrelic notion okta opsgenie pagerduty postman prometheus redis sentry slack statuspage terraform';
    for (const icon of tools.split(' '))
      expect(drawOne({ type: 'text', content: 'x', icon })).toMatch(/<svg class="icon"/);
  });

  it('draws a letter where an icon is unknown, and never what hides behind a name', () => {
    expect(drawOne({ type: 'text', content: 'x', icon: 'zulip' })).toMatch(/letter" aria-hidden="true">Z</);
    expect(drawOne({ type: 'text', content: 'x', icon: 'constructor' })).toMatch(/letter" aria-hidden="true">C</);
  });
});
