import { CONTRACT_VERSION, DEFAULT_LIMITS, Fault, runnerSubjects, secretsSubjects } from '@fingerpost/contracts';
import { codeOf, integration, runnerUnderTest } from '../testing/runner-under-test.ts';

const { company, grantOf, itemsOf, requestFor, send } = runnerUnderTest();

describe('the runner', () => {
  const posts = (method: string, times = 1) =>
    integration(
      `for (let n = 0; n < ${times}; n++) await fetch('https://api.acme.dev/', { method: '${method}' }); return []`,
    );

  it('makes calls on a subject of its own, with placeholders that only the secrets service can undo', async () => {
    const binding = { hosts: ['api.acme.dev'], methods: ['POST'], pathPrefixes: ['/'], slots: ['header' as const] };
    const grant = grantOf(
      integration(
        `const r = await fetch('https://api.acme.dev/', { method: 'POST', headers: { Authorization: secrets.TOKEN }, body: 'hello' });
         return { type: 'text', content: String((await r.json()).big.length) }`,
      ),
      { secrets: { TOKEN: binding } },
    );
    expect((await send(grant)).insights).toEqual([{ type: 'text', content: '1500000' }]);
    const { request, subject, body } = company().calls.at(-1)!;
    const placeholder = request.headers.find(([name]) => name === 'authorization')![1];
    expect(request.placeholders).toEqual({ [placeholder]: 'TOKEN' });
    expect(placeholder).toMatch(/^fp[0-9a-f]{40}$/);
    expect(subject).toMatch(/^secrets\.call\.[0-9a-f-]{36}$/);
    expect(body).toBe('hello');
  });

  it('says once that it is about to act, before it does', async () => {
    const grant = grantOf(posts('POST', 2));
    const before = company().calls.length;
    const items: unknown[] = [];
    for await (const item of itemsOf(await requestFor(grant))) {
      if (items.push(item) === 1) expect(company().calls).toHaveLength(before);
    }
    expect(items).toEqual([{ isAboutToAct: true }, expect.objectContaining({ insights: [] })]);
    expect(company().calls).toHaveLength(before + 2);
  });

  it.each(['GET', 'HEAD'])('says nothing of the kind before a %s', async (method) => {
    const items = await Array.fromAsync(itemsOf(await requestFor(grantOf(posts(method)))));
    expect(items).toEqual([expect.objectContaining({ insights: [] })]);
  });

  it('does not act where nobody hears that it is about to', async () => {
    const grant = grantOf(posts('POST'), { limits: { ...DEFAULT_LIMITS, wallMs: 800 } });
    const before = company().calls.length;
    const wire = company().exchange.connect(); // asks, and is gone
    wire.publish(runnerSubjects.run, requestFrame(await requestFor(grant)), '_INBOX.nobody.r.is.there');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(company().calls).toHaveLength(before);
  });

  it('makes a GET again until a secrets service has made it, and a POST never', async () => {
    const loseTwo = () => {
      const faults = [new Fault('bus.lost', 'its connection broke'), new Fault('bus.nobody_answers', 'not back yet')];
      company().onCall = () => {
        const fault = faults.shift();
        if (fault !== undefined) throw fault;
      };
    };
    loseTwo();
    expect((await send(grantOf(posts('GET')))).insights).toEqual([]);
    loseTwo();
    expect(await codeOf(send(grantOf(posts('POST'))))).toBe('run.failed');
    company().onCall = () => {};
  });

  it('makes a GET that is lost again and again no longer than its run lasts', async () => {
    let tries = 0;
    company().onCall = () => {
      tries++;
      throw new Fault('bus.lost', 'its connection broke');
    };
    const call = `fetch('https://api.acme.dev/').catch(() => {})`;
    const left = integration(`${call}; await new Promise((done) => setTimeout(done, 100)); return []`);
    const waiting = integration(`await ${call}; await new Promise(() => {})`);
    await send(grantOf(left));
    await send(grantOf(waiting, { limits: { ...DEFAULT_LIMITS, wallMs: 800 } })).catch(() => {});
    const before = tries;
    await new Promise((resolve) => setTimeout(resolve, 500)); // longer than the longest pause between two tries
    company().onCall = () => {};
    expect([before > 3, tries]).toEqual([true, before]);
  });

  it('says when a run is over that has made calls, failed ones too, and nothing of one that made none', async () => {
    const over: [subject: string, message: unknown][] = [];
    const stop = company().bus.subscribe(
      secretsSubjects.anyRunOver,
      (message, subject) => void over.push([subject, message]),
    );
    const call = `await fetch('https://api.acme.dev/'); `;
    await send(grantOf(integration(`${call} return []`)));
    await send(grantOf(integration(`${call} throw new Error('no luck')`))).catch(() => {});
    await send(grantOf(integration(`return []`)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop();
    expect(over).toEqual(
      [1, 2].map(() => [expect.stringMatching(/^secrets\.over\.[0-9a-f-]{36}$/), { jti: expect.any(String) }]),
    );
    expect(over[0]![0].split('.')[2]).toBe(company().calls.at(-1)!.subject.split('.')[2]);
  });

  it('ends a run that makes more calls than it may', async () => {
    const grant = grantOf(integration(`for (let n = 0; n < 5; n++) await fetch('https://api.acme.dev/'); return []`), {
      limits: { ...DEFAULT_LIMITS, calls: 3 },
    });
    expect(await codeOf(send(grant))).toBe('run.too_many_calls');
  });
});

/** As on the wire, from somebody who then listens to nothing. */
const requestFrame = (message: unknown) => ({
  headers: { 'fp-kind': 'request', 'fp-contract': String(CONTRACT_VERSION), 'fp-deadline': '5000' },
  payload: Buffer.from(JSON.stringify(message)),
});
