import type { PageContext } from '@fingerpost/contracts';
import type { PageProblem } from '../gateway/page-problem.ts';
import type { PageSettings } from '../messages.ts';
import type { Listener } from './ask-worker.ts';
import { PageQuestions } from './page-questions.ts';
import { PageView } from './page-view.ts';

const settings = {
  isOn: true,
  answersFrom: 'x',
  partsOff: [],
  linkSchemes: ['https'],
  display: { isFloating: false, place: { x: 0, y: 0 }, theme: 'auto', isDebugging: false, isDemo: false },
} satisfies PageSettings;
const page = (path: string) => ({ context: { type: 'github', url: `https://github.com/${path}` }, missing: [] });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the questions of a page', () => {
  let asked: { context: PageContext; listener: Listener; end(problem?: PageProblem): void }[];
  let shown: number;
  let life: AbortController;
  let view: PageView;
  let questions: PageQuestions;

  beforeEach(() => {
    asked = [];
    shown = 0;
    life = new AbortController();
    const actions = { retry: () => {}, hide: () => {}, float: () => {}, openSettings: () => {} };
    view = new PageView(settings, life, actions);
    questions = new PageQuestions({
      view,
      ask: (context, listener) => {
        listener.onStart();
        return new Promise((resolve) => asked.push({ context, listener, end: resolve }));
      },
      onShow: () => shown++,
      whenSeen: (act) => act(),
      signal: life.signal,
    });
  });
  afterEach(() => life.abort());

  const expected = (...integrations: string[]) => ({ name: 'expected', data: { integrations } }) as const;
  const saying = (integration: string, content: string) =>
    ({
      name: 'insight',
      data: { integration, index: 0, insight: { type: 'text', content }, isCached: false, isStale: false },
    }) as const;

  it('are not put twice when they are equal', () => {
    questions.about(page('a/b'));
    questions.about(page('a/b'));
    expect(asked).toHaveLength(1);
  });

  it('let go of the one before, and hear it no more', () => {
    questions.about(page('a/b'));
    questions.about(page('a/c'));
    expect(asked[0]!.listener.signal.aborted).toBe(true);
    asked[0]!.listener.onEvent(expected('late'));
    expect(view.read().answer.expected).toEqual([]);
  });

  it('show nothing where nothing is known', async () => {
    questions.about(page('a/b'));
    asked[0]!.listener.onEvent(expected());
    asked[0]!.end();
    await turn();
    expect(shown).toBe(0);
    expect(view.read().answer.isDone).toBe(true);
  });

  it('show the bar as soon as somebody is expected, and when there is a problem', async () => {
    questions.about(page('a/b'));
    asked[0]!.listener.onEvent(expected('it'));
    expect(shown).toBe(1);
    questions.about(page('a/c'));
    asked[1]!.end({ title: 'Signed out', isPassing: false, isForSettings: true });
    await turn();
    expect(shown).toBe(2);
    expect(view.read().problem?.title).toBe('Signed out');
  });

  it('keep what is there while the next page is asked about, so that nothing jumps', () => {
    questions.about(page('a/b'));
    asked[0]!.listener.onEvent(expected('it'));
    asked[0]!.listener.onEvent(saying('it', 'one'));
    questions.about(page('a/c'));
    expect(view.read().answer.answers.size).toBe(1);
    asked[1]!.listener.onEvent(expected('it'));
    expect(view.read().answer.answers.size).toBe(0);
  });

  it('leave nothing of before where somebody is signed out, and all of it while the gateway is away', async () => {
    questions.about(page('a/b'));
    asked[0]!.listener.onEvent(expected('it'));
    asked[0]!.listener.onEvent(saying('it', 'one'));
    asked[0]!.end({ title: 'Away', isPassing: true, isForSettings: true });
    await turn();
    expect(view.read().answer.answers.size).toBe(1);
    questions.again();
    asked[1]!.end({ title: 'Signed out', isPassing: false, isForSettings: true });
    await turn();
    expect(view.read().answer.answers.size).toBe(0);
  });

  it('look at one alone when one is tried again', async () => {
    questions.about(page('a/b'));
    asked[0]!.listener.onEvent(expected('one', 'two'));
    asked[0]!.listener.onEvent(saying('one', 'first'));
    asked[0]!.end();
    await turn();
    questions.retry('two');
    asked[1]!.listener.onEvent(expected('one', 'two'));
    asked[1]!.listener.onEvent(saying('one', 'other'));
    asked[1]!.listener.onEvent(saying('two', 'second'));
    expect(
      [...view.read().answer.answers].map(([name, answer]) => [
        name,
        'insights' in answer && answer.insights[0]?.content,
      ]),
    ).toEqual([
      ['one', 'first'],
      ['two', 'second'],
    ]);
  });

  it('are put anew after the page was left alone', () => {
    questions.about(page('a/b'));
    questions.leave();
    questions.about(page('a/b'));
    expect(asked).toHaveLength(2);
  });
});
