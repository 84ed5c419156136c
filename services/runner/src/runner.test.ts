import { runnerSubjects } from '@fingerpost/contracts';
import { checkTogether } from './config.ts';
import { codeOf, integration, PAGE, runnerUnderTest, ticketFor } from './testing/runner-under-test.ts';

const { close, company, grantOf, send } = runnerUnderTest();

describe('the runner', () => {
  it('runs what a ticket and a grant allow', async () => {
    const reply = await send(
      grantOf(integration(`return { type: 'text', content: context.page.repository, extra: 1 }`)),
    );
    expect(reply).toMatchObject({ insights: [{ type: 'text', content: 'acme/webshop' }], hasRemembered: false });
    expect(reply.reads).toContainEqual({ how: 'value', path: ['page', 'repository'] });
  });

  it('says when it is full, and takes the same ticket later', async () => {
    const slow = (n: number) =>
      grantOf(integration(`await new Promise((done) => setTimeout(done, 300)); return [/* ${n} */]`));
    const crowd = Array.from({ length: 20 }, (_, n) => send(slow(n)));
    const quick = grantOf(integration(`return { type: 'text', content: 'here' }`));
    const ticket = ticketFor(quick, { context: PAGE });
    expect(await codeOf(send(quick, { context: PAGE }, ticket))).toBe('runner.full');
    await Promise.all(crowd);
    expect((await send(quick, { context: PAGE }, ticket)).insights).toHaveLength(1);
    expect(await codeOf(send(quick, { context: PAGE }, ticket))).toBe('ticket.spent');
  });

  it('gives data files to the code, by digest', async () => {
    const data = JSON.stringify([{ id: 'owners', data: { webshop: 'team-a' } }]);
    const dataDigest = company().store(data);
    const grant = grantOf(
      integration(`return { type: 'text', content: dataFiles.find((f) => f.id === 'owners').data.webshop }`),
    );
    expect((await send(grant, { context: PAGE, dataDigest })).insights).toEqual([{ type: 'text', content: 'team-a' }]);
  });

  it('tells only code of scope user who looks', async () => {
    const viewer = { subject: 'ada', groups: [], roles: [] };
    const body = integration(`return { type: 'text', content: viewer === undefined ? 'nobody' : viewer.subject }`);
    expect((await send(grantOf(body), { context: PAGE, viewer })).insights).toMatchObject([{ content: 'nobody' }]);
    expect((await send(grantOf(body, { scope: 'user' }), { context: PAGE, viewer })).insights).toMatchObject([
      { content: 'ada' },
    ]);
  });

  it('refuses what is no insight', async () => {
    expect(
      await codeOf(send(grantOf(integration(`return { type: 'link', content: 'x', href: 'javascript:alert(1)' }`)))),
    ).toBe('run.result_invalid');
  });

  it('looks at metadata behind the walls and lets it call nobody', async () => {
    const inspect = (code: string) =>
      company().bus.request(
        runnerSubjects.inspect,
        { codeBytes: Buffer.byteLength(code) },
        {
          timeoutMs: 5_000,
          body: (async function* () {
            yield Buffer.from(code);
          })(),
        },
      );
    expect(await inspect(`var __integration = { metadata: { name: 'a', p: /x/g }, run() {}, shouldRun() {} }`)).toEqual(
      {
        metadata: { name: 'a', p: { $pattern: { source: 'x', flags: 'g' } } },
        hasRun: true,
        hasShouldRun: true,
      },
    );
    expect(await codeOf(inspect(`var __integration = (() => { throw new Error('at load') })()`))).toBe('run.failed');
    expect(await codeOf(inspect('for (;;);'))).toMatch(/run\.(timed_out|out_of_cpu)/);
  });
});

it('missing walls are accepted in development, and never in production', () => {
  const settings = { processes: 1, processMemoryMb: 1_500, mostRuns: 20, walls: 'none' } as const;
  expect(() => checkTogether(settings)).not.toThrow();
  expect(() => checkTogether({ ...settings, nodeEnv: 'production' })).toThrow('FINGERPOST_WALLS=none');
});

describe('a runner that closes', () => {
  it('finishes what it is running first', async () => {
    const slow = send(
      grantOf(integration(`await new Promise((r) => setTimeout(r, 500)); return { type: 'text', content: 'done' }`)),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await close();
    expect((await slow).insights).toEqual([{ type: 'text', content: 'done' }]);
  });
});
