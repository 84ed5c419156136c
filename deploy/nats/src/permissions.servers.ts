import {
  auditSubjects,
  BUS_ROLES,
  type BusRole,
  gatewaySubjects,
  registrySubjects,
  runnerSubjects,
  secretsSubjects,
  telemetrySubjects,
} from '@fingerpost/contracts';
import { findServer } from '@fingerpost/platform/testing';
import { GuardedNats, type Runner, refusedOf } from './testing/guarded-nats.ts';

const natsServer = findServer('nats-server');

interface Rights {
  says: BusRole[];
  /** in its own queue group only */
  answers?: BusRole;
  hears?: BusRole[];
}

const OWN = 'OWN';
const OTHER = `U${'A'.repeat(55)}`;

/** Written out a second time, on purpose: what the permissions say is one thing, what they should say another. */
const RIGHTS: Record<string, Rights> = {
  [gatewaySubjects.recall]: { says: ['runner'], answers: 'gateway' },
  [gatewaySubjects.remember]: { says: ['runner'], answers: 'gateway' },
  [registrySubjects.match]: { says: ['gateway'], answers: 'registry' },
  [registrySubjects.catalogue]: { says: ['gateway'], answers: 'registry' },
  [registrySubjects.audit]: { says: ['gateway'], answers: 'registry' },
  [registrySubjects.bundle]: { says: ['runner'], answers: 'registry' },
  [registrySubjects.sourceMap]: { says: ['runner'], answers: 'registry' },
  [registrySubjects.grants]: { says: ['gateway', 'runner', 'secrets'], answers: 'registry' },
  [registrySubjects.epoch]: { says: ['registry'], hears: ['gateway', 'registry', 'runner', 'secrets'] },
  [runnerSubjects.run]: { says: ['gateway'], answers: 'runner' },
  [runnerSubjects.inspect]: { says: ['registry'], answers: 'runner' },
  [secretsSubjects.call(OWN)]: { says: ['runner'], answers: 'secrets' },
  [secretsSubjects.call(OTHER)]: { says: [], answers: 'secrets' },
  [secretsSubjects.anyCall]: { says: [], answers: 'secrets' },
  [secretsSubjects.reveal(OWN)]: { says: ['runner'], answers: 'secrets' },
  [secretsSubjects.reveal(OTHER)]: { says: [], answers: 'secrets' },
  [secretsSubjects.anyReveal]: { says: [], answers: 'secrets' },
  [secretsSubjects.runOver(OWN)]: { says: ['runner'], hears: ['secrets'] },
  [secretsSubjects.runOver(OTHER)]: { says: [], hears: ['secrets'] },
  [secretsSubjects.anyRunOver]: { says: [], hears: ['secrets'] },
  [secretsSubjects.account(OTHER)]: { says: ['secrets'], answers: 'secrets' },
  [secretsSubjects.anyAccount]: { says: ['secrets'], answers: 'secrets' },
  [secretsSubjects.keeper]: { says: ['secrets'], hears: ['secrets'] },
  [secretsSubjects.check]: { says: ['gateway'], answers: 'secrets' },
  [secretsSubjects.certify('gateway')]: { says: ['gateway'], answers: 'secrets' },
  [secretsSubjects.certify('registry')]: { says: ['registry'], answers: 'secrets' },
  [secretsSubjects.admitRunner]: { says: ['join'], answers: 'secrets' },
  [secretsSubjects.revision]: { says: ['secrets'], hears: ['gateway'] },
  [auditSubjects.event('gateway')]: { says: ['gateway'] },
  [auditSubjects.event('registry')]: { says: ['registry'] },
  [auditSubjects.event('secrets')]: { says: ['secrets'] },
  [auditSubjects.anyEvent]: { says: [] },
  [telemetrySubjects.spans(OWN)]: { says: ['runner'], answers: 'gateway' },
  [telemetrySubjects.spans(OTHER)]: { says: [], answers: 'gateway' },
  [telemetrySubjects.anySpans]: { says: [], answers: 'gateway' },
  // what nobody may, whoever asks
  '>': { says: [] },
  '*.>': { says: [] },
  'runner.*': { says: [] },
  '*.run': { says: [] },
  '_INBOX.>': { says: [] },
  '_INBOX.runner.>': { says: [] },
  '_INBOX.*.r.>': { says: [] },
  '$SYS.REQ.SERVER.PING': { says: [] },
  '$JS.API.STREAM.DELETE.AUDIT': { says: [] },
  '$JS.API.STREAM.PURGE.AUDIT': { says: [] },
  '$JS.API.STREAM.MSG.GET.AUDIT': { says: [] },
  '$JS.API.STREAM.MSG.DELETE.AUDIT': { says: [] },
  '$JS.API.CONSUMER.CREATE.AUDIT': { says: [] },
  '$JS.API.CONSUMER.DELETE.AUDIT.registry': { says: [] },
  '$JS.API.CONSUMER.CREATE.AUDIT.spy.audit.*': { says: [] },
  '$JS.API.STREAM.CREATE.SPY': { says: [] },
  '$JS.API.STREAM.INFO.AUDIT': { says: ['registry'] },
  '$JS.ACK.AUDIT.registry.1.1.1.1.1': { says: ['registry'] },
  'delivery.AUDIT.registry': { says: [], answers: 'registry' },
};

(natsServer === undefined ? describe.skip : describe)('permissions on NATS', () => {
  let nats: GuardedNats;
  let runner: Runner;

  beforeAll(async () => {
    nats = await GuardedNats.start(natsServer!);
    runner = await nats.admit();
  });

  afterAll(() => nats?.close());

  const connect = (role: BusRole) => nats.connect(role === 'runner' ? runner : role);
  const spell = (subject: string) => subject.replace(OWN, runner.id);

  it('are tried on every subject of the contracts', () => {
    const all = [gatewaySubjects, registrySubjects, runnerSubjects, secretsSubjects, auditSubjects, telemetrySubjects];
    const subjects = all
      .flatMap((subjects) => Object.values(subjects))
      .filter((subject) => typeof subject === 'string');
    expect(Object.keys(RIGHTS)).toEqual(expect.arrayContaining(subjects));
  });

  it.each(BUS_ROLES)('let a %s publish what is its own to say, and nothing else', async (role) => {
    const attempts = Object.keys(RIGHTS).map((subject) => `publish ${spell(subject)}`);
    const own = Object.entries(RIGHTS).filter(([, { says }]) => says.includes(role));
    const connection = await connect(role);
    const refused = await refusedOf(connection, attempts);
    await connection.close();
    expect(attempts.filter((attempt) => !refused.includes(attempt)).sort()).toEqual(
      own.map(([subject]) => `publish ${spell(subject)}`).sort(),
    );
  });

  it.each(BUS_ROLES)('let a %s hear and answer what is meant for it, and nothing else', async (role) => {
    const queues = ['', ...BUS_ROLES, 'mine', '*', '>'];
    const attempts = Object.keys(RIGHTS).flatMap((subject) =>
      queues.map((queue) => `subscribe ${spell(subject)} ${queue}`.trim()),
    );
    const expected = Object.entries(RIGHTS).flatMap(([subject, { answers, hears }]) => [
      ...(answers === role ? [`subscribe ${spell(subject)} ${role}`] : []),
      ...(hears?.includes(role) === true ? queues.map((queue) => `subscribe ${spell(subject)} ${queue}`.trim()) : []),
    ]);
    const connection = await connect(role);
    const refused = await refusedOf(connection, attempts);
    await connection.close();
    expect(attempts.filter((attempt) => !refused.includes(attempt)).sort()).toEqual(expected.sort());
  });

  const inboxes = (role: BusRole, id = OTHER) => (role === 'runner' ? `_INBOX.runner.${id}` : `_INBOX.${role}`);

  it.each(BUS_ROLES)('let a %s listen to its own inbox alone', async (role) => {
    const others = BUS_ROLES.map((other) => inboxes(other)).filter(
      (inbox) => inbox !== inboxes(role) || role === 'runner',
    );
    const attempts = others.flatMap((inbox) => ['r.a.*', 'c.a.*', '>'].map((place) => `subscribe ${inbox}.${place}`));
    const connection = await connect(role);
    expect(await refusedOf(connection, attempts)).toEqual(attempts);
    expect(await refusedOf(connection, [`subscribe ${inboxes(role, runner.id)}.r.a.*`])).toEqual([]);
    await connection.close();
  });

  it.each<[BusRole, replies: BusRole[], controls: BusRole[]]>([
    ['gateway', ['runner'], ['registry', 'runner', 'secrets']],
    ['registry', ['gateway', 'runner', 'secrets'], ['runner', 'secrets']],
    ['secrets', ['gateway', 'registry', 'secrets', 'runner', 'join'], ['registry', 'secrets']],
    ['runner', ['gateway', 'registry'], ['gateway', 'registry', 'secrets']],
    ['join', [], ['secrets']],
  ])('let a %s reply to %j and steer exchanges with %j', async (role, replies, controls) => {
    const connection = await connect(role);
    const attempts = BUS_ROLES.flatMap((to) => ['r', 'c', 'x'].map((place) => `publish ${inboxes(to)}.${place}.a.b`));
    const refused = await refusedOf(connection, attempts);
    await connection.close();
    const allowed = [
      ...replies.map((to) => `publish ${inboxes(to)}.r.a.b`),
      ...controls.map((to) => `publish ${inboxes(to)}.c.a.b`),
    ];
    expect(attempts.filter((attempt) => !refused.includes(attempt)).sort()).toEqual(allowed.sort());
  });
});
