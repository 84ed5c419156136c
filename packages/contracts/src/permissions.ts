import { auditSubjects } from './audit.subjects.ts';
import { gatewaySubjects } from './gateway.subjects.ts';
import { registrySubjects } from './registry.subjects.ts';
import { runnerSubjects } from './runner.subjects.ts';
import { secretsSubjects } from './secrets.subjects.ts';
import { telemetrySubjects } from './telemetry.subjects.ts';

/** Everybody on the bus. A `join` is a runner that has yet to become one. */
export const BUS_ROLES = ['gateway', 'registry', 'secrets', 'runner', 'join'] as const;
export type BusRole = (typeof BUS_ROLES)[number];

interface Voice {
  /** requests that it answers, in its own queue group and not outside of it */
  answers: readonly string[];
  asks: readonly string[];
  /** what others publish */
  hears: readonly string[];
  publishes: readonly string[];
}

/** Who may say what on the bus: all of it. A runner's `<id>` is its own public key. */
const VOICES: Record<BusRole, Voice> = {
  gateway: {
    answers: [gatewaySubjects.recall, gatewaySubjects.remember, telemetrySubjects.anySpans],
    asks: [
      registrySubjects.match,
      registrySubjects.catalogue,
      registrySubjects.grants,
      registrySubjects.audit,
      runnerSubjects.run,
      secretsSubjects.check,
      secretsSubjects.certify('gateway'),
    ],
    hears: [registrySubjects.epoch, secretsSubjects.revision],
    publishes: [auditSubjects.event('gateway')],
  },
  registry: {
    answers: [
      registrySubjects.match,
      registrySubjects.bundle,
      registrySubjects.sourceMap,
      registrySubjects.catalogue,
      registrySubjects.grants,
      registrySubjects.audit,
    ],
    asks: [runnerSubjects.inspect, secretsSubjects.certify('registry')],
    hears: [registrySubjects.epoch],
    publishes: [registrySubjects.epoch, auditSubjects.event('registry')],
  },
  secrets: {
    answers: [
      secretsSubjects.anyCall,
      secretsSubjects.anyReveal,
      secretsSubjects.anyAccount,
      secretsSubjects.check,
      secretsSubjects.certify('gateway'),
      secretsSubjects.certify('registry'),
      secretsSubjects.admitRunner,
    ],
    asks: [registrySubjects.grants, secretsSubjects.anyAccount],
    hears: [registrySubjects.epoch, secretsSubjects.anyRunOver, secretsSubjects.keeper],
    publishes: [secretsSubjects.revision, secretsSubjects.keeper, auditSubjects.event('secrets')],
  },
  runner: {
    answers: [runnerSubjects.run, runnerSubjects.inspect],
    asks: [
      registrySubjects.bundle,
      registrySubjects.sourceMap,
      registrySubjects.grants,
      gatewaySubjects.recall,
      gatewaySubjects.remember,
      secretsSubjects.call('<id>'),
      secretsSubjects.reveal('<id>'),
      telemetrySubjects.spans('<id>'),
    ],
    hears: [registrySubjects.epoch],
    publishes: [secretsSubjects.runOver('<id>')],
  },
  join: { answers: [], asks: [secretsSubjects.admitRunner], hears: [], publishes: [] },
};

/** The registry makes the audit stream, reads it, and says what it is done with. Nobody may empty or remove it. */
const AUDIT_STREAM = {
  publish: [
    '$JS.API.STREAM.INFO.AUDIT',
    '$JS.API.STREAM.CREATE.AUDIT',
    '$JS.API.CONSUMER.INFO.AUDIT.registry',
    '$JS.API.CONSUMER.CREATE.AUDIT.registry.>',
    '$JS.API.CONSUMER.DURABLE.CREATE.AUDIT.registry',
    '$JS.ACK.AUDIT.registry.>',
  ],
  subscribe: ['delivery.AUDIT.registry registry'],
};

/** What only this identity may subscribe to; a runner's is its own and no other runner's. */
export const inboxOf = (role: BusRole, runnerId = '*'): string =>
  role === 'runner' ? `_INBOX.runner.${runnerId}` : `_INBOX.${role}`;

export interface BusPermissions {
  publish: string[];
  /** a subject and, behind a space, the only queue group in which it may be subscribed to */
  subscribe: string[];
}

/**
 * The permissions that follow: whoever is asked may reply to whoever asks, and is told by them alone how an exchange goes on. Where
 * exactly an exchange listens cannot be guessed (`bus/wire-bus.ts`).
 */
export function busPermissions(role: BusRole, runnerId?: string): BusPermissions {
  const own = VOICES[role];
  const asking = BUS_ROLES.filter((other) => own.answers.some((subject) => isAskedBy(other, subject)));
  const asked = BUS_ROLES.filter((other) => VOICES[other].answers.some((subject) => isAskedBy(role, subject)));
  const subjects = [...own.asks, ...own.publishes].map((subject) => subject.replace('<id>', runnerId ?? '*'));
  return {
    publish: [
      ...subjects,
      ...asking.map((other) => `${inboxOf(other)}.r.>`),
      ...asked.map((other) => `${inboxOf(other)}.c.>`),
      ...(role === 'registry' ? AUDIT_STREAM.publish : []),
    ],
    subscribe: [
      `${inboxOf(role, runnerId)}.>`,
      ...own.hears,
      ...own.answers.map((subject) => `${subject} ${role}`),
      ...(role === 'registry' ? AUDIT_STREAM.subscribe : []),
    ],
  };
}

const isAskedBy = (role: BusRole, answered: string): boolean =>
  VOICES[role].asks.some((subject) => subject.replace('<id>', '*') === answered);
