import { createHash, randomUUID } from 'node:crypto';
import {
  type CallHead,
  type CallRequest,
  CONTRACT_VERSION,
  DEFAULT_LIMITS,
  Fault,
  type Grant,
  gatewaySubjects,
  type RevealRequest,
  type RunInput,
  type RunReply,
  type RunRequest,
  registrySubjects,
  runnerSubjects,
  secretsSubjects,
  type Ticket,
} from '@fingerpost/contracts';
import {
  type Bus,
  createLog,
  generateSigningKey,
  hashJson,
  LocalExchange,
  letterTo,
  type Service,
  Signer,
  signCertificate,
  WireBus,
} from '@fingerpost/platform';
import { checkTogether } from './config.ts';
import { startRunner } from './index.ts';

const CANARY = 'canary/of a "revealed" value';
const PAGE = { type: 'github', url: 'https://github.com/acme/webshop', page: { repository: 'acme/webshop' } };
const log = createLog('test', { level: 'silent', format: 'json' });

/** A real runner between a registry and a secrets service that do only what the test says, with real signatures. */
let bus: Bus;
let runner: Service;
let signTicket: Signer;
let signGrant: Signer;
const bundles = new Map<string, Buffer>();
const revisions: Record<string, number> = {};
const calls: { request: CallRequest; subject: string; body: string }[] = [];
const reveals: string[] = [];
let epoch = 1;
const buses: WireBus[] = [];
const exchange = new LocalExchange();
let onCall = () => {};

beforeAll(async () => {
  const connect = () => {
    const made = new WireBus(exchange.connect(), log);
    buses.push(made);
    return made;
  };
  bus = connect();
  const root = await generateSigningKey();
  const signerOf = async (role: 'gateway' | 'registry') => {
    const { privateKey, publicKey } = await generateSigningKey();
    return new Signer(
      privateKey,
      await signCertificate(root.privateKey, { role, publicKey, expiresAt: Date.now() + 60_000 }),
    );
  };
  [signTicket, signGrant] = [await signerOf('gateway'), await signerOf('registry')];
  bus.answer(registrySubjects.bundle, 'registry', async (call) => {
    await call.sendBytes(bundles.get((call.message as { digest: string }).digest) ?? new Uint8Array());
  });
  bus.answer(registrySubjects.grants, 'registry', async (call) => {
    const { nonce } = call.message as { nonce?: string };
    await call.sendBytes(Buffer.from(await signGrant.sign('grant-list', { epoch, revisions, nonce })));
  });
  bus.answer(secretsSubjects.anyReveal, 'secrets', async (call) => {
    reveals.push(call.subject);
    const { address } = call.message as RevealRequest;
    return { letter: await letterTo(address, JSON.stringify({ KEY: CANARY })) };
  });
  bus.answer(gatewaySubjects.remember, 'gateway', async () => ({}));
  bus.answer(secretsSubjects.anyCall, 'secrets', async (call) => {
    onCall();
    let body = '';
    for await (const chunk of call.body) body += Buffer.from(chunk).toString();
    calls.push({ request: call.message as CallRequest, subject: call.subject, body });
    call.sendItem({
      status: 200,
      statusText: 'OK',
      headers: [],
      url: 'https://api.acme.dev/',
      isRedirected: false,
    } satisfies CallHead);
    await call.sendBytes(Buffer.from(JSON.stringify({ big: 'x'.repeat(1_500_000) })));
  });
  const settings = { processes: 1, processMemoryMb: 1_500, mostRuns: 20, walls: 'process' } as const;
  runner = await startRunner({ settings, bus: connect(), log, rootKeys: [root.publicKey] });
});
afterAll(async () => {
  await runner.close();
  for (const one of buses) await one.drain();
});

const grantOf = (code: string, more: Partial<Grant> = {}): Grant => {
  const digest = createHash('sha256').update(code).digest('hex');
  bundles.set(digest, Buffer.from(code));
  revisions[digest] = 1;
  return {
    digest,
    name: 'test-integration',
    revision: 1,
    scope: 'org',
    isolation: 'clean',
    isApproved: true,
    hosts: ['api.acme.dev'],
    areHostsDerived: false,
    secrets: {},
    limits: { ...DEFAULT_LIMITS, wallMs: 3_000 },
    groups: [],
    ...more,
  };
};

const ticketFor = (grant: Grant, input: RunInput, more: Partial<Ticket> = {}): Ticket => ({
  jti: randomUUID(),
  digest: grant.digest,
  name: grant.name,
  grantRevision: grant.revision,
  inputHash: hashJson(input),
  viewerScope: 'org',
  expiresAt: Date.now() + 10_000,
  ...more,
});

const integration = (body: string) =>
  `var __integration = { metadata: { name: 'test' }, run: async (context, secrets, dataFiles, viewer) => { ${body} } };`;

async function send(
  grant: Grant,
  input: RunInput = { context: PAGE },
  ticket = ticketFor(grant, input),
): Promise<RunReply> {
  const items: unknown[] = [];
  const request = await requestFor(grant, input, ticket);
  for await (const item of bus.call(runnerSubjects.run, request, { timeoutMs: 5_000 })) items.push(item);
  return items.at(-1) as RunReply;
}

async function requestFor(
  grant: Grant,
  input: RunInput = { context: PAGE },
  ticket = ticketFor(grant, input),
): Promise<RunRequest> {
  return { ticket: await signTicket.sign('ticket', ticket), grant: await signGrant.sign('grant', grant), input };
}

/** As on the wire, from somebody who then listens to nothing. */
const requestFrame = (message: unknown) => ({
  headers: { 'fp-kind': 'request', 'fp-contract': String(CONTRACT_VERSION), 'fp-deadline': '5000' },
  payload: Buffer.from(JSON.stringify(message)),
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (fault: Fault) => fault.code,
  );

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
    const dataDigest = createHash('sha256').update(data).digest('hex');
    bundles.set(dataDigest, Buffer.from(data));
    const grant = grantOf(
      integration(`return { type: 'text', content: dataFiles.find((f) => f.id === 'owners').data.webshop }`),
    );
    expect((await send(grant, { context: PAGE, dataDigest })).insights).toEqual([{ type: 'text', content: 'team-a' }]);
  });

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
    const { request, subject, body } = calls.at(-1)!;
    const placeholder = request.headers.find(([name]) => name === 'authorization')![1];
    expect(request.placeholders).toEqual({ [placeholder]: 'TOKEN' });
    expect(placeholder).toMatch(/^fp[0-9a-f]{40}$/);
    expect(subject).toMatch(/^secrets\.call\.[0-9a-f-]{36}$/);
    expect(body).toBe('hello');
  });

  const posts = (method: string, times = 1) =>
    integration(
      `for (let n = 0; n < ${times}; n++) await fetch('https://api.acme.dev/', { method: '${method}' }); return []`,
    );

  it('says once that it is about to act, before it does', async () => {
    const grant = grantOf(posts('POST', 2));
    const before = calls.length;
    const items: unknown[] = [];
    for await (const item of bus.call(runnerSubjects.run, await requestFor(grant), { timeoutMs: 5_000 })) {
      if (items.push(item) === 1) expect(calls).toHaveLength(before);
    }
    expect(items).toEqual([{ isAboutToAct: true }, expect.objectContaining({ insights: [] })]);
    expect(calls).toHaveLength(before + 2);
  });

  it.each(['GET', 'HEAD'])('says nothing of the kind before a %s', async (method) => {
    const items: unknown[] = [];
    const request = await requestFor(grantOf(posts(method)));
    for await (const item of bus.call(runnerSubjects.run, request, { timeoutMs: 5_000 })) items.push(item);
    expect(items).toEqual([expect.objectContaining({ insights: [] })]);
  });

  it('does not act where nobody hears that it is about to', async () => {
    const grant = grantOf(posts('POST'), { limits: { ...DEFAULT_LIMITS, wallMs: 800 } });
    const before = calls.length;
    const wire = exchange.connect(); // asks, and is gone
    wire.publish(runnerSubjects.run, requestFrame(await requestFor(grant)), '_INBOX.nobody.r.is.there');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(calls).toHaveLength(before);
  });

  it('makes a GET once more whose secrets service is lost, and a POST never', async () => {
    const loseOne = () => {
      let isFirst = true;
      onCall = () => {
        if (!isFirst) return;
        isFirst = false;
        throw new Fault('bus.lost', 'the secrets service is gone');
      };
    };
    loseOne();
    expect((await send(grantOf(posts('GET')))).insights).toEqual([]);
    loseOne();
    expect(await codeOf(send(grantOf(posts('POST'))))).toBe('run.failed');
    onCall = () => {};
  });

  it('says when a run is over that has made calls, failed ones too, and nothing of one that made none', async () => {
    const over: [subject: string, message: unknown][] = [];
    const stop = buses[0]!.subscribe(
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
    expect(over[0]![0].split('.')[2]).toBe(calls.at(-1)!.subject.split('.')[2]);
  });

  it('ends a run that makes more calls than it may', async () => {
    const grant = grantOf(integration(`for (let n = 0; n < 5; n++) await fetch('https://api.acme.dev/'); return []`), {
      limits: { ...DEFAULT_LIMITS, calls: 3 },
    });
    expect(await codeOf(send(grant))).toBe('run.too_many_calls');
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
      bus.request(
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

describe('what stands for a secret', () => {
  const TOKEN = { hosts: ['api.acme.dev'], methods: ['GET'], pathPrefixes: ['/'], slots: ['header' as const] };
  const KEY = { hosts: [], methods: [], pathPrefixes: [], slots: [], reveal: true };
  const holding = (body: string, isolation: Grant['isolation'] = 'fresh') =>
    grantOf(integration(body), { isolation, secrets: { TOKEN, KEY } });
  const faultOf = (grant: Grant) =>
    send(grant).then(
      () => undefined,
      (fault: Fault) => fault,
    );

  it('is the value itself only where the grant reveals it, asked for anew by each run on a subject of its own', async () => {
    const grant = holding(
      `return { type: 'text', content: secrets.KEY.length + ' ' + /^fp[0-9a-f]{40}$/.test(secrets.TOKEN) }`,
    );
    for (let times = 1; times <= 2; times++) {
      expect((await send(grant)).insights).toMatchObject([{ content: `${CANARY.length} true` }]);
      expect(reveals).toHaveLength(times);
    }
    expect(reveals[0]).toMatch(/^secrets\.reveal\.[0-9a-f-]{36}$/);
  });

  it('is forgotten with the run, whatever isolation the grant names', async () => {
    const grant = holding(`globalThis.kept ??= 0; return { type: 'text', content: String(++globalThis.kept) }`, 'warm');
    for (let times = 0; times < 3; times++) expect((await send(grant)).insights).toMatchObject([{ content: '1' }]);
  });

  it.each([
    ['an answer', `return { type: 'text', content: 'a ' + secrets.KEY }`],
    ['a link', `return { type: 'link', content: 'a', href: 'https://x.dev/?a=' + encodeURIComponent(secrets.KEY) }`],
    ['an answer, in base64', `return { type: 'text', content: btoa('ab' + secrets.KEY) }`],
    ['what a run has looked at', `context[secrets.KEY]; return []`],
    ['an answer, as a placeholder', `return { type: 'text', content: secrets.TOKEN }`],
  ])('cannot stand in %s', async (_where, body) => {
    const fault = await faultOf(holding(body));
    expect(fault).toMatchObject({
      code: 'secret.misplaced',
      message: expect.stringMatching(/placeholder of the secret TOKEN|value of a secret/),
    });
  });

  it('cannot be kept in the cache', async () => {
    for (const what of [`'k', { deep: secrets.KEY }`, `secrets.KEY, 1`, `'k', secrets.TOKEN`])
      expect(await faultOf(holding(`await cache.set(${what}, 60); return []`))).toMatchObject({
        code: 'secret.misplaced',
      });
    expect(await faultOf(holding(`await cache.get(secrets.KEY); return []`))).toMatchObject({
      code: 'secret.misplaced',
    });
    expect((await send(holding(`await cache.set('k', 1, 60); return []`))).insights).toEqual([]);
  });

  it('is taken out of what an error says', async () => {
    const fault = await faultOf(holding(`throw new Error('no luck with ' + secrets.KEY)`));
    expect(fault).toMatchObject({ code: 'run.failed', message: 'Error: no luck with [redacted]' });
    expect(JSON.stringify(fault!.detail)).toContain('[redacted]');
    expect(JSON.stringify([fault!.message, fault!.detail])).not.toContain('revealed');
  });
});

describe('a forged or misused permission', () => {
  const body = integration('return []');

  it('is no use a second time', async () => {
    const grant = grantOf(body);
    const input = { context: PAGE };
    const ticket = ticketFor(grant, input);
    expect(await codeOf(send(grant, input, ticket))).toBe('answered');
    expect(await codeOf(send(grant, input, ticket))).toBe('ticket.spent');
  });

  it.each<[string, (grant: Grant) => Partial<Ticket>, string]>([
    ['for another digest', () => ({ digest: 'f'.repeat(64) }), 'ticket.invalid'],
    ['for another revision', () => ({ grantRevision: 2 }), 'ticket.invalid'],
    ['for another input', () => ({ inputHash: hashJson({ context: 'other' }) }), 'ticket.invalid'],
    ['from long ago', () => ({ expiresAt: Date.now() - 200_000 }), 'ticket.invalid'],
  ])('%s is refused', async (_name, change, code) => {
    const grant = grantOf(body);
    const input = { context: PAGE };
    expect(await codeOf(send(grant, input, ticketFor(grant, input, change(grant))))).toBe(code);
  });

  it('signed by the wrong role is refused', async () => {
    const grant = grantOf(body);
    const input = { context: PAGE };
    const [swapped, plain] = [
      await signGrant.sign('ticket', ticketFor(grant, input)),
      await signGrant.sign('grant', grant),
    ];
    const ask = (ticket: string, grantEnvelope: string) =>
      codeOf(bus.request(runnerSubjects.run, { ticket, grant: grantEnvelope, input }, { timeoutMs: 5_000 }));
    expect(await ask(swapped, plain)).toBe('signature.invalid');
    expect(
      await ask(await signTicket.sign('ticket', ticketFor(grant, input)), await signTicket.sign('grant', grant)),
    ).toBe('signature.invalid');
    expect(await ask('a.b.c', plain)).toBe('signature.invalid');
  });

  it('whose grant has been revoked is refused', async () => {
    const grant = grantOf(`${body} // revoked`);
    delete revisions[grant.digest];
    epoch++;
    expect(await codeOf(send(grant))).toBe('grant.revoked');
  });

  it('does not make other bytes run than its digest names', async () => {
    const grant = grantOf(`${body} // swapped`);
    bundles.set(grant.digest, Buffer.from(integration(`return { type: 'text', content: 'evil' }`)));
    expect(await codeOf(send(grant))).toBe('bundle.not_found');
  });
});

describe('a runner that closes', () => {
  it('finishes what it is running first', async () => {
    const slow = send(
      grantOf(integration(`await new Promise((r) => setTimeout(r, 500)); return { type: 'text', content: 'done' }`)),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await runner.close();
    expect((await slow).insights).toEqual([{ type: 'text', content: 'done' }]);
  });
});
