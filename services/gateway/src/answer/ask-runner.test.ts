import { hash } from 'node:crypto';
import {
  DEFAULT_LIMITS,
  Fault,
  type Grant,
  type MatchedIntegration,
  type RunReply,
  type RunRequest,
  runnerSubjects,
  type Ticket,
} from '@fingerpost/contracts';
import { generateSigningKey, RememberedVerifier, Signer, signCertificate, Verifier } from '@fingerpost/platform';
import { SecretsNews } from '../news/news.ts';
import { AskRunner } from './ask-runner.ts';
import { MissingSecrets } from './missing-secrets.ts';
import { readContext } from './question.ts';

const root = await generateSigningKey();
const verifier = new Verifier([root.publicKey]);
const signerFor = async (role: 'gateway' | 'registry') => {
  const key = await generateSigningKey();
  return new Signer(
    key.privateKey,
    await signCertificate(root.privateKey, { role, publicKey: key.publicKey, expiresAt: Date.now() + 60_000 }),
  );
};
const [gateway, registry] = [await signerFor('gateway'), await signerFor('registry')];

const theGrant: Grant = {
  digest: 'a'.repeat(64),
  name: 'owner',
  revision: 7,
  scope: 'org',
  isolation: 'clean',
  isApproved: true,
  hosts: [],
  areHostsDerived: false,
  secrets: {},
  limits: DEFAULT_LIMITS,
  groups: [],
};
const binding = { hosts: ['x.dev'], methods: ['GET'], pathPrefixes: ['/'], slots: ['header' as const] };

const match = async (grant: Grant, more: Partial<MatchedIntegration> = {}): Promise<MatchedIntegration> => ({
  name: grant.name,
  digest: grant.digest,
  priority: 1,
  cacheSeconds: 0,
  scope: grant.scope,
  groups: grant.groups,
  grantRevision: grant.revision,
  grant: await registry.sign('grant', grant),
  ...more,
});

const question = {
  ...readContext({ url: 'https://github.com/acme/webshop', type: 'github', page: { z: 1, a: 2 } }, ['github']),
  viewer: { subject: 'token:anna', groups: ['ops'], roles: [] },
};
const neverLeaves = new AbortController().signal;
const empty: RunReply = { insights: [], reads: [], hasRemembered: false, tookMs: 1 };

function setUp(run: (request: RunRequest) => unknown, missing: string[] = [], isAway = () => false) {
  const requests: RunRequest[] = [];
  const news = new SecretsNews();
  const lagging: { revision?: string } = {};
  let checks = 0;
  const bus = {
    request: async () => {
      checks++;
      if (isAway()) throw new Fault('secret.unavailable', 'Vault is sealed.');
      return { missing, revision: lagging.revision ?? news.revision };
    },
    call: async function* (subject: string, message: unknown) {
      expect(subject).toBe(runnerSubjects.run);
      requests.push(message as RunRequest);
      const answer = run(message as RunRequest);
      if (answer !== null && typeof answer === 'object' && Symbol.asyncIterator in answer)
        yield* answer as AsyncIterable<unknown>;
      else yield await answer;
    },
  };
  const runner = new AskRunner(
    bus as never,
    gateway,
    new RememberedVerifier(verifier),
    new MissingSecrets(bus as never, news),
  );
  return { runner, requests, news, lagging, checks: () => checks };
}

const ticketIn = ({ ticket }: RunRequest) => verifier.verify<Ticket>('ticket', ticket);

describe('asking a runner', () => {
  it('sends a ticket for this one run, on this input', async () => {
    const { runner, requests } = setUp(() => empty);
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
    const { runner, requests } = setUp(() => empty);
    await runner.run(await match({ ...theGrant, scope: 'user' }), question, neverLeaves);
    expect(requests[0]!.input.viewer).toEqual(question.viewer);
    expect(await ticketIn(requests[0]!)).toMatchObject({ viewerScope: 'token:anna' });
    await runner.run(await match(theGrant), question, neverLeaves);
    expect(requests[1]!.input).not.toHaveProperty('viewer');
  });

  it('asks again while runners are full, with the same ticket, and then gives up', async () => {
    const full = setUp(() => {
      throw new Fault('runner.full', 'full');
    });
    await expect(full.runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
      code: 'runner.full',
    });
    expect(full.requests.length).toBeGreaterThan(8); // of three runners one has room: who misses it eight times?
    expect(new Set(full.requests.map(({ ticket }) => ticket)).size).toBe(1);
  });

  it('asks another runner while nobody answers', async () => {
    let isThere = false;
    setTimeout(() => (isThere = true), 300);
    const { runner, requests } = setUp(() => {
      if (isThere) return empty;
      throw new Fault('bus.nobody_answers', 'nobody');
    });
    await runner.run(await match(theGrant), question, neverLeaves);
    expect(new Set(requests.map(({ ticket }) => ticket)).size).toBe(1);
  });

  it('has a run whose runner is lost done by another, with a new ticket, even twice', async () => {
    const { runner, requests } = setUp(() => {
      if (requests.length === 3) return empty;
      throw new Fault('bus.lost', 'lost');
    });
    await runner.run(await match(theGrant), question, neverLeaves);
    const jtis = (await Promise.all(requests.map(ticketIn))).map(({ jti }) => jti);
    expect(new Set(jtis).size).toBe(3);
  });

  it('gives up where every runner is lost', async () => {
    const { runner, requests } = setUp(() => {
      throw new Fault('bus.lost', 'lost');
    });
    await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({ code: 'bus.lost' });
    expect(requests).toHaveLength(4);
  });

  it.each(['bus.lost', 'run.disturbed'] as const)(
    'does not repeat a run that said it was about to act (%s)',
    async (code) => {
      const { runner, requests } = setUp(async function* () {
        yield { isAboutToAct: true };
        throw new Fault(code, code, { detail: { isRepeatable: true } });
      });
      await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({ code });
      expect(requests).toHaveLength(1);
    },
  );

  it('takes the answer of a run that has acted', async () => {
    const { runner } = setUp(async function* () {
      yield { isAboutToAct: true };
      yield empty;
    });
    expect(await runner.run(await match(theGrant), question, neverLeaves)).toEqual(empty);
  });

  it('is told of a runner that ends without an answer', async () => {
    const { runner } = setUp(async function* () {});
    await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
      code: 'run.result_invalid',
    });
  });

  it('has a disturbed run repeated once, with a new ticket', async () => {
    let isFirst = true;
    const { runner, requests } = setUp(() => {
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
      const { runner, requests } = setUp(() => {
        throw new Fault('run.disturbed', 'a neighbour', { detail: { isRepeatable } });
      });
      await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
        code: 'run.disturbed',
      });
      expect(requests).toHaveLength(1);
    },
  );

  it('believes no runner that sends what cannot be shown', async () => {
    const { runner } = setUp(() => ({
      ...empty,
      insights: [{ type: 'link', content: 'x', href: 'javascript:alert(1)' }],
    }));
    await expect(runner.run(await match(theGrant), question, neverLeaves)).rejects.toMatchObject({
      code: 'run.result_invalid',
    });
  });

  it('says which limit a run has passed', async () => {
    const { runner } = setUp(() => {
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
    const { runner, requests } = setUp(() => empty);
    await expect(runner.run(await match(theGrant, change), question, neverLeaves)).rejects.toMatchObject({
      code: 'grant.unknown',
    });
    expect(requests).toHaveLength(0);
  });

  it('that the registry did not sign is refused', async () => {
    const { runner } = setUp(() => empty);
    const forged = [await gateway.sign('grant', theGrant), await gateway.sign('ticket', theGrant), 'x.y.z', ''];
    for (const grant of forged)
      await expect(runner.run(await match(theGrant, { grant }), question, neverLeaves)).rejects.toMatchObject({
        code: 'signature.invalid',
      });
  });

  it('for other groups is refused, whatever the match list says', async () => {
    const { runner } = setUp(() => empty);
    await expect(
      runner.run(await match({ ...theGrant, groups: ['board'] }), question, neverLeaves),
    ).rejects.toMatchObject({ code: 'request.forbidden' });
    await runner.run(await match({ ...theGrant, groups: ['board', 'ops'] }), question, neverLeaves);
  });
});

describe('a secret that is missing', () => {
  const needy = { ...theGrant, secrets: { GH_TOKEN: binding } };

  it('stops the run before it begins, and says what to do', async () => {
    const { runner, requests } = setUp(() => empty, ['GH_TOKEN']);
    await expect(runner.run(await match(needy), question, neverLeaves)).rejects.toMatchObject({
      code: 'secret.not_found',
      message:
        'Integration "owner" needs the secret GH_TOKEN; add it with "npm run secrets -- set GH_TOKEN", or set INTEGRATION_GH_TOKEN.',
    });
    expect(requests).toHaveLength(0);
  });

  it('is asked for once, and again when secrets have changed', async () => {
    const missing = ['GH_TOKEN'];
    const { runner, news, checks } = setUp(() => empty, missing);
    const run = async () => runner.run(await match(needy), question, neverLeaves);
    await expect(run()).rejects.toThrow();
    await expect(run()).rejects.toThrow();
    expect(checks()).toBe(1);
    missing.pop();
    news.hear({ revision: 'next' });
    await expect(run()).resolves.toBeDefined();
  });

  it('is asked for again where a replica answered that has not heard of it yet', async () => {
    const missing = ['GH_TOKEN'];
    const { runner, news, lagging } = setUp(() => empty, missing);
    const run = async () => runner.run(await match(needy), question, neverLeaves);
    news.hear({ revision: 'with it' });
    lagging.revision = 'without it';
    await expect(run()).rejects.toThrow('needs the secret');
    missing.pop();
    lagging.revision = undefined;
    await expect(run()).resolves.toBeDefined();
  });

  it('is not called missing while its store is away, and nobody is believed to have it then', async () => {
    let isAway = false;
    const { runner, news, requests } = setUp(
      () => empty,
      [],
      () => isAway,
    );
    const run = async () => runner.run(await match(needy), question, neverLeaves);
    await run();
    isAway = true;
    news.hear({ revision: '', outage: 'Vault is sealed.' });
    await expect(run()).rejects.toMatchObject({ code: 'secret.unavailable' });
    await runner.run(await match(theGrant), question, neverLeaves);
    isAway = false;
    await run();
    news.hear({ revision: '' });
    await run();
    expect(requests).toHaveLength(4);
  });
});
