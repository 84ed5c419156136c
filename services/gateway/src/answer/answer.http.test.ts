import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, registrySubjects } from '@fingerpost/contracts';
import { type FakeCompany, type FakeIntegration, githubPage, startCompany, text } from '../testing/fake-services.ts';

let company: FakeCompany;
const start = async (...args: Parameters<typeof startCompany>) => {
  company = await startCompany(...args);
  return company;
};
afterEach(() => company?.close());

const reads = (...path: string[]) => [{ how: 'value' as const, path }];
const says = (name: string, more: Partial<FakeIntegration> = {}): FakeIntegration => ({
  name,
  run: () => ({ insights: [text(`of ${name}`)], reads: reads('page', 'repository') }),
  ...more,
});
const takes = (name: string, ms: number): FakeIntegration =>
  says(name, { run: () => sleep(ms, { insights: [text(name)] }) });

interface StreamEvent {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: events differ
  data: any;
}

async function readEvents(response: Response): Promise<StreamEvent[]> {
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '');
  return blocks.map((block) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block)!;
    return { name: name!, data: JSON.parse(data!) };
  });
}

const asEvents = { accept: 'text/event-stream' };

describe('POST /context as JSON', () => {
  it('has ToolJump’s shape, in priority order', async () => {
    await start([takes('slow-first', 30), says('second')]);
    const response = await company.ask(githubPage('acme/webshop'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      data: [text('slow-first'), text('of second')],
      count: 2,
      cacheHits: 0,
      failedCount: 0,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      integrationNames: ['slow-first', 'second'],
    });
  });

  it('leaves from memory the second time, without a word to the registry or a runner', async () => {
    await start([says('owner'), says('silent', { run: () => ({}) })]);
    await company.ask(githubPage('acme/webshop'));
    const before = [company.runs.length, company.matches()];
    const again = (await (await company.ask(githubPage('acme/webshop'))).json()) as object;
    expect(again).toMatchObject({ data: [text('of owner')], count: 1, cacheHits: 2, failedCount: 0 });
    expect([company.runs.length, company.matches()]).toEqual(before);
  });

  it('is empty where nothing fits', async () => {
    await start([]);
    expect(await (await company.ask(githubPage('a/b'))).json()).toMatchObject({
      data: [],
      count: 0,
      integrationNames: [],
    });
  });

  it('shows a failure as a text with name, reason and id, and keeps its error in the log', async () => {
    const broken = says('broken', {
      run: () => {
        throw new Fault('run.failed', 'cannot reach postgres://root:hunter2@db');
      },
    });
    await start([broken, says('fine')]);
    const answer = (await (await company.ask(githubPage('a/b'))).json()) as { data: { content: string }[] };
    expect(answer).toMatchObject({
      count: 2,
      failedCount: 1,
      data: [{ type: 'text', status: 'important' }, text('of fine')],
    });
    const [, id] = /^broken: could not answer \(failed, ([0-9a-f]{8})\)$/.exec(answer.data[0]!.content)!;
    expect(answer).toMatchObject({ failures: [{ integration: 'broken', id, reason: 'failed' }] });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(company.log.lines.filter((line) => line.includes(id!) && line.includes('hunter2'))).toHaveLength(1);
  });

  it('makes one run for twenty who ask at the same time', async () => {
    await start([takes('slow', 50)]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => (await company.ask(githubPage('a/b'))).json()),
    );
    expect(company.runs).toHaveLength(1);
    for (const answer of answers) expect(answer).toMatchObject({ data: [text('slow')] });
  });

  it('runs integrations side by side', async () => {
    let together = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++together);
      await sleep(20);
      together--;
      return {};
    };
    await start(Array.from({ length: 10 }, (_, n) => says(`integration-${n}`, { run })));
    await company.ask(githubPage('a/b'));
    expect(most).toBe(10);
  });

  it('tells code of scope "user" who looks', async () => {
    await start([says('mine', { scope: 'user', run: ({ input }) => ({ insights: [text(input.viewer!.subject)] }) })]);
    const first = await company.ask(githubPage('a/b'));
    expect(await first.json()).toMatchObject({ data: [text('token:settings')] });
  });

  it('names a secret that is missing and runs nothing', async () => {
    await start([says('needy', { secrets: ['GH_TOKEN'] })]);
    company.missingSecrets.add('GH_TOKEN');
    const answer = (await (await company.ask(githubPage('a/b'))).json()) as { data: { content: string }[] };
    expect(answer.data[0]!.content).toMatch(/^needy: could not answer \(needs the secret GH_TOKEN, \w+\)$/);
    expect(company.log.lines.join()).toContain('npm run secrets -- set GH_TOKEN');
    expect(company.runs).toHaveLength(0);
  });

  it('asks for matches again as soon as the catalogue has changed', async () => {
    await start([says('old')]);
    await company.ask(githubPage('a/b'));
    company.integrations = [says('new')];
    company.changeCatalogue();
    await sleep(5);
    expect(await (await company.ask(githubPage('a/b'))).json()).toMatchObject({ integrationNames: ['new'] });
  });

  it.each([
    ['swallows notices', () => {}],
    ['forges them', () => company.bus.publish(registrySubjects.epoch, { epoch: Number.MAX_SAFE_INTEGER })],
    ['repeats old ones', () => company.bus.publish(registrySubjects.epoch, { epoch: 1 })],
  ])('ends kept answers of a grant that was taken back within 5 s, whoever %s', async (_how, onBus) => {
    await start([says('revoked')]);
    const names = async () =>
      ((await (await company.ask(githubPage('a/b'))).json()) as { integrationNames: string[] }).integrationNames;
    expect(await names()).toEqual(['revoked']);
    onBus();
    expect(await names()).toEqual(['revoked']);
    company.takeBack();
    const startedAt = performance.now();
    while ((await names()).length > 0) await sleep(50);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(company.runs).toHaveLength(1);
  });
});

describe('POST /context as a stream', () => {
  it('begins with the names in priority order, brings insights in order of arrival, and ends with the counts', async () => {
    await start([
      takes('slow', 60),
      says('two', { run: () => ({ insights: [text('a'), text('b')] }) }),
      takes('quick', 20),
    ]);
    const response = await company.ask(githubPage('a/b'), asEvents);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = await readEvents(response);
    expect(events.map(({ name, data }) => [name, data.integration])).toEqual([
      ['expected', undefined],
      ['insight', 'two'],
      ['insight', 'two'],
      ['insight', 'quick'],
      ['insight', 'slow'],
      ['done', undefined],
    ]);
    expect(events[0]!.data).toEqual({ integrations: ['slow', 'two', 'quick'] });
    expect(events[2]!.data).toEqual({
      integration: 'two',
      index: 1,
      insight: text('b'),
      isCached: false,
      isStale: false,
    });
    expect(events.at(-1)!.data).toEqual({ count: 4, cacheHits: 0, failedCount: 0, tookMs: expect.any(Number) });
  });

  it('sends each insight when it is there, not when all are', async () => {
    let finish = () => {};
    const last = says('last', {
      run: () => new Promise((resolve) => (finish = () => resolve({ insights: [text('late')] }))),
    });
    await start([last, says('first')]);
    const response = await company.ask(githubPage('a/b'), asEvents);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    while (!seen.includes('of first')) seen += (await reader.read()).value;
    expect(seen).not.toContain('event: done');
    finish();
    for (let part = await reader.read(); !part.done; part = await reader.read()) seen += part.value;
    expect(seen).toContain('late');
    expect(seen).toMatch(/event: done\ndata: .*\n\n$/);
  });

  it('tells of a failure by name, id and reason', async () => {
    await start([says('broken', { run: () => Promise.reject(new Fault('run.timed_out', 'x')) })]);
    const events = await readEvents(await company.ask(githubPage('a/b'), asEvents));
    expect(events[1]).toEqual({
      name: 'failure',
      data: { integration: 'broken', id: expect.stringMatching(/^[0-9a-f]{8}$/), reason: 'took longer than 5 s' },
    });
    expect(events[2]!.data).toMatchObject({ failedCount: 1, count: 0 });
  });

  it('marks what came from memory', async () => {
    await start([says('owner')]);
    await (await company.ask(githubPage('a/b'))).text();
    const events = await readEvents(await company.ask(githubPage('a/b'), asEvents));
    expect(events[1]!.data).toMatchObject({ isCached: true, isStale: false });
    expect(events[2]!.data).toMatchObject({ cacheHits: 1 });
  });

  it('keeps content with line breaks inside its event', async () => {
    await start([says('odd', { run: () => ({ insights: [text('a\n\nevent: done\ndata: {}\r\n')] }) })]);
    const events = await readEvents(await company.ask(githubPage('a/b'), asEvents));
    expect(events.map(({ name }) => name)).toEqual(['expected', 'insight', 'done']);
  });
});

describe('a client that goes away', () => {
  const endless = (onCancelled: () => void): FakeIntegration =>
    says('endless', {
      run: (_request, call) =>
        new Promise((_, reject) => {
          call.signal.addEventListener('abort', () => {
            onCancelled();
            reject(call.signal.reason);
          });
        }),
    });

  it.each(['application/json', 'text/event-stream'])('ends the runs that only it waited for (%s)', async (accept) => {
    let cancelled = () => {};
    const whenCancelled = new Promise<void>((resolve) => (cancelled = resolve));
    await start([endless(cancelled)]);
    const leaving = new AbortController();
    const asked = company
      .ask(githubPage('a/b'), { accept, signal: leaving.signal })
      .then((response) => response.text());
    asked.catch(() => {});
    while (company.runs.length === 0) await sleep(5);
    await sleep(20); // by now the runner has said where it listens
    leaving.abort();
    await whenCancelled;
    await expect(asked).rejects.toThrow();
  });

  it('does not take the run away from another who waits for it', async () => {
    let finish = () => {};
    await start([
      says('shared', { run: () => new Promise((resolve) => (finish = () => resolve({ insights: [text('here')] }))) }),
    ]);
    const leaving = new AbortController();
    company.ask(githubPage('a/b'), { signal: leaving.signal }).catch(() => {});
    const stays = company.ask(githubPage('a/b'));
    while (company.runs.length === 0) await sleep(5);
    await sleep(20);
    leaving.abort();
    await sleep(20);
    finish();
    expect(await (await stays).json()).toMatchObject({ data: [text('here')] });
    expect(company.runs).toHaveLength(1);
  });
});
