import { randomUUID } from 'node:crypto';
import {
  DEFAULT_LIMITS,
  type Fault,
  type Grant,
  type RunInput,
  type RunReply,
  type RunRequest,
  runnerSubjects,
  type Ticket,
} from '@fingerpost/contracts';
import { hashJson, type Service } from '@fingerpost/platform';
import { startRunner } from '../index.ts';
import { Company, log } from './company.ts';

export const PAGE = { type: 'github', url: 'https://github.com/acme/webshop', page: { repository: 'acme/webshop' } };

/** A real runner in a company of its own while the tests of a file run, and how to ask it for a run. */
export function runnerUnderTest() {
  let company: Company;
  let runner: Service;

  beforeAll(async () => {
    company = await Company.start();
    const settings = { processes: 1, processMemoryMb: 1_500, mostRuns: 20, walls: 'process' } as const;
    runner = await startRunner({ settings, bus: company.connect(), log, rootKeys: [company.rootKey] });
  });
  afterAll(async () => {
    await runner.close();
    await company.close();
  });

  function grantOf(code: string, more: Partial<Grant> = {}): Grant {
    const digest = company.store(code);
    company.grant(digest);
    return { ...GRANT, digest, ...more };
  }

  async function requestFor(
    grant: Grant,
    input: RunInput = { context: PAGE },
    ticket = ticketFor(grant, input),
  ): Promise<RunRequest> {
    const { signTicket, signGrant } = company;
    return { ticket: await signTicket.sign('ticket', ticket), grant: await signGrant.sign('grant', grant), input };
  }

  const itemsOf = (request: RunRequest) =>
    company.bus.call<RunReply>(runnerSubjects.run, request, { timeoutMs: 5_000 });

  /** The last item is the reply. */
  const send = async (...request: Parameters<typeof requestFor>): Promise<RunReply> =>
    (await Array.fromAsync(itemsOf(await requestFor(...request)))).at(-1)!;

  return { company: () => company, close: () => runner.close(), grantOf, requestFor, itemsOf, send };
}

const GRANT: Omit<Grant, 'digest'> = {
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
};

export const ticketFor = (grant: Grant, input: RunInput, more: Partial<Ticket> = {}): Ticket => ({
  jti: randomUUID(),
  digest: grant.digest,
  name: grant.name,
  grantRevision: grant.revision,
  inputHash: hashJson(input),
  viewerScope: 'org',
  expiresAt: Date.now() + 10_000,
  ...more,
});

/** The body of `run`, as a bundle. */
export const integration = (body: string) =>
  `var __integration = { metadata: { name: 'test' }, run: async (context, secrets, dataFiles, viewer) => { ${body} } };`;

export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (fault: Fault) => fault.code,
  );
