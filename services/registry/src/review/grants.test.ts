import { DEFAULT_LIMITS, type Grant, type Metadata } from '@fingerpost/contracts';
import { generateSigningKey, Signer, signCertificate, Verifier } from '@fingerpost/platform';
import { GrantSigner } from './grant-signer.ts';
import { grantTerms } from './grant-terms.ts';
import { Revisions } from './revisions.ts';

const metadata = (more: Partial<Metadata> = {}): Metadata => ({
  name: 'service-owner',
  description: '',
  match: { contextType: '*', context: {} },
  cache: 300,
  requiredSecrets: [],
  priority: 100,
  scope: 'org',
  groups: [],
  ...more,
});
const hosts = { hosts: ['api.acme.dev'], areHostsDerived: false };
const approved = { isFolderApproved: true, revealed: [] as string[], defaultIsolation: 'clean' as const };
const terms = (digest: string, more: Partial<Metadata> = {}, settings = approved) =>
  grantTerms(digest, metadata(more), hosts, settings);

describe('what a grant says', () => {
  it('binds every secret to the hosts of its integration', () => {
    expect(terms('d', { requiredSecrets: ['TOKEN'] })).toMatchObject({
      hosts: ['api.acme.dev'],
      limits: DEFAULT_LIMITS,
      secrets: {
        TOKEN: {
          hosts: ['api.acme.dev'],
          methods: ['GET', 'HEAD', 'POST'],
          pathPrefixes: ['/'],
          slots: ['header', 'basic'],
        },
      },
    });
  });

  it.each([
    ['clean', {}, approved],
    ['fresh', { isolation: 'fresh' as const }, approved],
    ['fresh', { scope: 'user' as const, isolation: 'clean' as const }, approved],
    ['warm', { isolation: 'warm' as const }, approved],
    ['fresh', { isolation: 'warm' as const, scope: 'user' as const }, approved],
    ['fresh', { isolation: 'clean' as const }, { ...approved, isFolderApproved: false }],
    ['fresh', {}, { ...approved, defaultIsolation: 'fresh' as const }],
    ['clean', { isolation: 'clean' as const }, { ...approved, defaultIsolation: 'fresh' as const }],
  ])('grants %s to %j under %j', (isolation, more, settings) => {
    expect(terms('d', more, settings as typeof approved).isolation).toBe(isolation);
  });
});

describe('a value that code would hold', () => {
  const digest = 'a'.repeat(64);
  const asking = { requiredSecrets: ['KEY'], secrets: { KEY: { reveal: true } }, isolation: 'warm' as const };
  const reviewed = { ...approved, revealed: [`service-owner:KEY@${digest}`] };

  it('is granted to the code that was reviewed, alone in its isolate, and to no place of a request', () => {
    expect(terms(digest, asking, reviewed)).toMatchObject({
      isolation: 'fresh',
      secrets: { KEY: { hosts: [], methods: [], pathPrefixes: [], slots: [], reveal: true } },
    });
  });

  it.each([
    ['nobody reviewed', digest, asking, approved, `add service-owner:KEY@${digest} to FINGERPOST_REVEAL`],
    ['has changed since', 'b'.repeat(64), asking, reviewed, `add service-owner:KEY@${'b'.repeat(64)}`],
    ['has another name', digest, { ...asking, name: 'another-one' }, reviewed, 'add another-one:KEY@'],
    [
      'wants one more',
      digest,
      { ...asking, secrets: { ...asking.secrets, OTHER: { reveal: true } } },
      reviewed,
      'OTHER@',
    ],
    ['counts as unapproved', digest, asking, { ...reviewed, isFolderApproved: false }, 'holds no values'],
  ])('is refused to code that %s', (_why, of, more, settings, sentence) => {
    expect(() => terms(of, more, settings)).toThrow(sentence);
  });
});

describe('revisions', () => {
  const changes = (of: Map<string, { revision: number; isInForce: boolean }>) =>
    Object.fromEntries([...of].map(([digest, { revision, isInForce }]) => [digest, isInForce ? revision : 'left']));

  it('stay while nothing changes', () => {
    const revisions = new Revisions(new Map(), 1);
    expect(changes(revisions.update([terms('a')]))).toEqual({ a: 1 });
    for (let times = 0; times < 3; times++) expect(changes(revisions.update([terms('a')]))).toEqual({});
  });

  it('grow when what the digest may do changes', () => {
    const revisions = new Revisions(new Map(), 1);
    revisions.update([terms('a')]);
    expect(changes(revisions.update([terms('a', {}, { ...approved, isFolderApproved: false })]))).toEqual({ a: 2 });
  });

  it('grow when a digest comes back', () => {
    const revisions = new Revisions(new Map(), 1);
    revisions.update([terms('a'), terms('b')]);
    expect(changes(revisions.update([terms('b')]))).toEqual({ a: 'left' });
    expect(changes(revisions.update([terms('a'), terms('b')]))).toEqual({ a: 3 });
  });

  it('go on where they were after a restart, and never begin behind those of an earlier life', () => {
    const saved = new Map([['a', { revision: 900, terms: terms('a'), isInForce: true }]]);
    const revisions = new Revisions(saved, 1);
    expect(changes(revisions.update([terms('a'), terms('b')]))).toEqual({ b: 901 });
    expect(changes(new Revisions(new Map(), 5_000).update([terms('a')]))).toEqual({ a: 5_000 });
  });
});

describe('signing grants', () => {
  async function world() {
    const root = await generateSigningKey();
    const own = await generateSigningKey();
    const certify = (expiresAt: number) =>
      signCertificate(root.privateKey, { role: 'registry', publicKey: own.publicKey, expiresAt });
    const signer = new Signer(own.privateKey, await certify(Date.now() + 60_000));
    return {
      signer,
      grants: new GrantSigner(signer),
      verifier: new Verifier([root.publicKey]),
      renew: async () => signer.setCertificate(await certify(Date.now() + 120_000)),
    };
  }

  it('makes grants that others believe', async () => {
    const { grants, verifier } = await world();
    expect(await verifier.verify<Grant>('grant', await grants.sign(terms('a'), 3))).toMatchObject({
      digest: 'a',
      revision: 3,
    });
  });

  it('signs the same once, another revision again', async () => {
    const { grants } = await world();
    const first = await grants.sign(terms('a'), 1);
    expect(await grants.sign(terms('a'), 1)).toBe(first);
    expect(await grants.sign(terms('a'), 2)).not.toBe(first);
  });

  it('signs again under a new certificate, for the old one runs out', async () => {
    const { grants, renew } = await world();
    const first = await grants.sign(terms('a'), 1);
    await renew();
    expect(grants.forgetUnderOldCertificate()).toBe(true);
    expect(grants.forgetUnderOldCertificate()).toBe(false);
    expect(await grants.sign(terms('a'), 1)).not.toBe(first);
  });

  it('puts the asker’s nonce into a list', async () => {
    const { grants, verifier } = await world();
    const list = { epoch: 5, revisions: { a: 1 } };
    expect(await verifier.verify('grant-list', await grants.signList({ ...list, nonce: 'n1' }))).toEqual({
      ...list,
      nonce: 'n1',
    });
    expect(await verifier.verify('grant-list', await grants.signList({ ...list, nonce: 'n2' }))).toEqual({
      ...list,
      nonce: 'n2',
    });
  });
});
