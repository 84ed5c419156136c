import { setTimeout as sleep } from 'node:timers/promises';
import { killSandboxOf } from '../../../e2e/faults/kill-sandbox.ts';
import type { Watched } from './watched.ts';

export interface Ring {
  what: string;
  alerts: string[];
  breakIt: (watched: Watched) => Promise<unknown> | unknown;
  mendIt?: (watched: Watched) => Promise<unknown> | unknown;
}

const service = ({ ground }: Watched, name: string) => ground.cluster.service(name);
const engines = ({ ground }: Watched) => ground.cluster.engines;
const registries = (watched: Watched) => ['registry-1', 'registry-2'].map((name) => service(watched, name));
/** What is on its way while something else is done. */
const meanwhile = (work: Promise<unknown>): void => void work.catch(() => {});

const postgres = { held: Promise.withResolvers<void>(), back: Promise.resolve() };

/** What is done to the product, one after another, and which alerts must ring of it. What is certain to last comes last. */
export const RINGS: Ring[] = [
  { what: 'an integration fails', alerts: ['FingerpostIntegrationFails'], breakIt: () => {} },
  {
    what: 'a file is none',
    alerts: ['FingerpostIntegrationsBroken'],
    breakIt: ({ ground }) => ground.write('none.integration.js', 'module.exports = {'),
  },
  {
    what: 'two hundred questions of 4 s each want 40 places',
    alerts: ['FingerpostRunnersFull', 'FingerpostFirstInsightLate', 'FingerpostAllInsightsLate'],
    breakIt: (watched) => {
      for (const _ of [1, 2]) meanwhile(watched.askMany('slow', 100));
    },
    mendIt: () => sleep(8_000),
  },
  {
    what: 'code never stops',
    alerts: ['FingerpostVersionPutAside'],
    breakIt: async (watched) => {
      for (let times = 0; times < 4; times++) await watched.ask('hangs');
    },
  },
  {
    what: 'sandbox processes are killed',
    alerts: ['FingerpostSandboxKills'],
    breakIt: async (watched) => {
      for (let times = 0; times < 12; times++) {
        meanwhile(watched.askMany('slow', 8));
        await sleep(700);
        killSandboxOf(service(watched, 'runner-1').pid);
      }
    },
  },
  {
    what: 'a runner is stopped',
    alerts: ['FingerpostServiceDown'],
    breakIt: (watched) => service(watched, 'runner-2').stop(),
    mendIt: (watched) => service(watched, 'runner-2').startAgain(),
  },
  {
    what: 'Redis is stopped',
    alerts: ['FingerpostRedisDown'],
    breakIt: (watched) => engines(watched).redis.child.stop(),
    mendIt: (watched) => engines(watched).redis.startAgain(),
  },
  {
    what: 'Postgres is stopped',
    alerts: ['FingerpostPostgresDown'],
    breakIt: (watched) => {
      postgres.back = engines(watched).postgres.restart('fast', () => postgres.held.promise);
    },
    mendIt: () => {
      postgres.held.resolve();
      return postgres.back;
    },
  },
  {
    what: 'Vault is sealed',
    alerts: ['FingerpostVaultDown'],
    breakIt: (watched) => engines(watched).vault.seal(),
    mendIt: (watched) => engines(watched).vault.unseal(),
  },
  {
    what: 'both registries are held',
    alerts: ['FingerpostNoLeader', 'FingerpostGrantsOld'],
    breakIt: (watched) => {
      for (const registry of registries(watched)) registry.signal('SIGSTOP');
    },
    mendIt: (watched) => {
      for (const registry of registries(watched)) registry.signal('SIGCONT');
    },
  },
  {
    what: 'the company’s tools do not answer',
    alerts: ['FingerpostOutboundFails'],
    breakIt: ({ ground }) => ground.upstream.stop(),
  },
  { what: 'the collector is away', alerts: ['FingerpostTracesLost'], breakIt: ({ collector }) => collector.stop() },
  {
    what: 'NATS is stopped',
    alerts: [
      ...['FingerpostNatsDown', 'FingerpostRunsFail'],
      ...['FingerpostAvailabilityBurnsFast', 'FingerpostAvailabilityBurnsSlowly'],
    ],
    breakIt: (watched) => engines(watched).nats.child.stop(),
    mendIt: (watched) => engines(watched).nats.startAgain(),
  },
];
