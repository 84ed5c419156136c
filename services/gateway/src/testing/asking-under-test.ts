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
import { AskRunner } from '../answer/ask-runner.ts';
import { MissingSecrets } from '../answer/missing-secrets.ts';
import { SecretsNews } from '../news/news.ts';
import { questionOf } from './answers.ts';

const root = await generateSigningKey();
const verifier = new Verifier([root.publicKey]);
const signerFor = async (role: 'gateway' | 'registry') => {
  const key = await generateSigningKey();
  return new Signer(
    key.privateKey,
    await signCertificate(root.privateKey, { role, publicKey: key.publicKey, expiresAt: Date.now() + 60_000 }),
  );
};
export const [gateway, registry] = [await signerFor('gateway'), await signerFor('registry')];

export const theGrant: Grant = {
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

export const match = async (grant: Grant, more: Partial<MatchedIntegration> = {}): Promise<MatchedIntegration> => ({
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

export const question = questionOf(
  { url: 'https://github.com/acme/webshop', type: 'github', page: { z: 1, a: 2 } },
  { subject: 'token:anna', groups: ['ops'], roles: [] },
);
export const empty: RunReply = { insights: [], reads: [], hasRemembered: false, tookMs: 1 };

/** The gateway's side of asking a runner, over a bus on which `run` answers; `missing` is what the secrets service does not have. */
export function askingUnderTest(run: (request: RunRequest) => unknown, missing: string[] = [], isAway = () => false) {
  const requests: RunRequest[] = [];
  const news = new SecretsNews();
  const lagging: { revision?: string; places?: string[] } = {};
  let checks = 0;
  const bus = {
    request: async () => {
      checks++;
      if (isAway()) throw new Fault('secret.unavailable', 'Vault is sealed.');
      return { missing, places: lagging.places, revision: lagging.revision ?? news.revision };
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

export const ticketIn = ({ ticket }: RunRequest) => verifier.verify<Ticket>('ticket', ticket);
