import { hash } from 'node:crypto';
import { DEFAULT_LIMITS, Fault, type MatchedIntegration, type RunRequest } from '@fingerpost/contracts';
import { neverLeaves } from '../testing/answers.ts';
import { askingUnderTest, empty, gateway, match, question, theGrant, ticketIn } from '../testing/asking-under-test.ts';

describe('asking a runner', () => {
  it('sends a ticket for this one run, on this input', async () => {
    const { runner, requests } = askingUnderTest(() => empty);
    await runner.run(await match(theGrant, { dataDigest: 'd' }), question, neverLeaves);
    const [request] = requests as [RunRequest];
    expect(request.input).toEqual({
      context: { type: 'github', url: 'https://github.com/acme/webshop', page: { a: 2, z: 1 } },
      dataDigest: 'd',
    });
    const canonical =
      '{"context":{"page":{"a":2,"z":1},"type":"github","url":"https://github.com/acme/webshop"},"dataDigest":"d"}';
    const ticket = await ticketIn(request);
    expect(ticket).toMatchObject({ digest: theGrant.digest, name: 'owner', grantRevision: 7, viewerScope: 'org' });
    expect(ticket.inputHash).toBe(hash('sha256', canonical, 'base64url'));
    expect(ticket.expiresAt).toBeGreaterThan(Date.now() + DEFAULT_LIMITS.wallMs);
  });

  it('tells who looks only to code of scope "user"', async () => {
    const { runner, requests } = askingUnderTest(() => empty);
    await runner.run(await match({ ...theGrant, scope: 'user' }), question, neverLeaves);
    expect(requests[0]!.input.viewer).toEqual(question.viewer);
    expect(await ticketIn(requests[0]!)).toMatchObject({ viewerScope: 'token:anna' });
    await runner.run(await match(theGrant), question, neverLeaves);
    expect(requests[1]!.input).not.toHaveProperty('viewer');
  });

  it('asks again while runners are full, with the same ticket, and then gives up', async () => {
    const full = askingUnderTest(() => {
      throw new Fault('runner.full', 'full');
    });
    await expect(full.runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
      code: 'runner.full',
    });
    expect(full.requests.length).toBeGreaterThan(8); // of three runners one has room: who misses it eight times?
    expect(new Set(full.requests.map(({ ticket }) => ticket)).size).toBe(1);
  });

  it('waits for a place as long as for a run', async () => {
    let isFull = true;
    setTimeout(() => (isFull = false), 4_000);
    const { runner } = askingUnderTest(() => {
      if (!isFull) return empty;
      throw new Fault('runner.full', 'full');
    });
    expect(await runner.run(await match(theGrant), question, neverLeaves)).toEqual(empty);
  });

  it('asks another runner while nobody answers', async () => {
    let isThere = false;
    setTimeout(() => (isThere = true), 300);
    const { runner, requests } = askingUnderTest(() => {
      if (isThere) return empty;
      throw new Fault('bus.nobody_answers', 'nobody');
    });
    await runner.run(await match(theGrant), question, neverLeaves);
    expect(new Set(requests.map(({ ticket }) => ticket)).size).toBe(1);
  });

  it('has a run whose runner is lost done by another, with a new ticket, even twice', async () => {
    const { runner, requests } = askingUnderTest(() => {
      if (requests.length === 3) return empty;
      throw new Fault('bus.lost', 'lost');
    });
    await runner.run(await match(theGrant), question, neverLeaves);
    const jtis = (await Promise.all(requests.map(ticketIn))).map(({ jti }) => jti);
    expect(new Set(jtis).size).toBe(3);
  });

  it('gives up where every runner is lost', async () => {
    const { runner, requests } = askingUnderTest(() => {
      throw new Fault('bus.lost', 'lost');
    });
    await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({ code: 'bus.lost' });
    expect(requests).toHaveLength(4);
  });

  it.each(['bus.lost', 'run.disturbed'] as const)(
    'does not repeat a run that said it was about to act (%s)',
    async (code) => {
      const { runner, requests } = askingUnderTest(async function* () {
        yield { isAboutToAct: true };
        throw new Fault(code, code, { detail: { isRepeatable: true } });
      });
      await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({ code });
      expect(requests).toHaveLength(1);
    },
  );

  it('takes the answer of a run that has acted', async () => {
    const { runner } = askingUnderTest(async function* () {
      yield { isAboutToAct: true };
      yield empty;
    });
    expect(await runner.run(await match(theGrant), question, neverLeaves)).toEqual(empty);
  });

  it('is told of a runner that ends without an answer', async () => {
    const { runner } = askingUnderTest(async function* () {});
    await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
      code: 'run.result_invalid',
    });
  });

  it('has a disturbed run repeated once, with a new ticket', async () => {
    let isFirst = true;
    const { runner, requests } = askingUnderTest(() => {
      if (!isFirst) return empty;
      isFirst = false;
      throw new Fault('run.disturbed', 'a neighbour', { detail: { isRepeatable: true } });
    });
    await runner.run(await match(theGrant), question, neverLeaves);
    const [first, second] = await Promise.all(requests.map(ticketIn));
    expect(requests).toHaveLength(2);
    expect(second!.jti).not.toBe(first!.jti);
  });

  it.each([false, undefined])(
    'does not repeat a disturbed run that may have done something (%s)',
    async (isRepeatable) => {
      const { runner, requests } = askingUnderTest(() => {
        throw new Fault('run.disturbed', 'a neighbour', { detail: { isRepeatable } });
      });
      await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
        code: 'run.disturbed',
      });
      expect(requests).toHaveLength(1);
    },
  );

  it('believes no runner that sends what cannot be shown', async () => {
    const { runner } = askingUnderTest(() => ({
      ...empty,
      insights: [{ type: 'link', content: 'x', href: 'javascript:alert(1)' }],
    }));
    await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
      code: 'run.result_invalid',
    });
  });

  it('says which limit a run has passed', async () => {
    const { runner } = askingUnderTest(() => {
      throw new Fault('run.timed_out', 'x');
    });
    await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
      detail: { wallMs: 5_000 },
    });
  });
});

describe('a grant', () => {
  it.each<[string, Partial<MatchedIntegration>]>([
    ['of other code', { digest: 'b'.repeat(64) }],
    ['of another revision', { grantRevision: 8 }],
    ['of another name', { name: 'other' }],
    ['of another scope', { scope: 'user' }],
  ])('%s is refused', async (_what, change) => {
    const { runner, requests } = askingUnderTest(() => empty);
    await expect(runner.run(await match(theGrant, change), question, neverLeaves)).rejects.toMatchObject({
      code: 'grant.unknown',
    });
    expect(requests).toHaveLength(0);
  });

  it('that the registry did not sign is refused', async () => {
    const { runner } = askingUnderTest(() => empty);
    const forged = [await gateway.sign('grant', theGrant), await gateway.sign('ticket', theGrant), 'x.y.z', ''];
    for (const grant of forged)
      await expect(runner.run(await match(theGrant, { grant }), question, neverLeaves)).rejects.toMatchObject({
        code: 'signature.invalid',
      });
  });

  it('for other groups is refused, whatever the match list says', async () => {
    const { runner } = askingUnderTest(() => empty);
    await expect(
      runner.run(await match({ ...theGrant, groups: ['board'] }), question, neverLeaves),
    ).rejects.toMatchObject({ code: 'request.forbidden' });
    await runner.run(await match({ ...theGrant, groups: ['board', 'ops'] }), question, neverLeaves);
  });
});
