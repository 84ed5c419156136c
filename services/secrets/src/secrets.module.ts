import { type Bus, GrantsInForce, type Log, RememberedVerifier, Verifier } from '@fingerpost/platform';
import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { JWK } from 'jose';
import type { TicketCheck } from './admit/check-ticket.ts';
import { hearRunOver } from './admit/hear-run-over.ts';
import { Keepers } from './admit/keepers.ts';
import { RunLedger } from './admit/run-ledger.ts';
import { RunTally } from './admit/run-tally.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { hostAndPort } from './bounds/host.ts';
import type { SecretsSettings } from './config.ts';
import { askIssuer } from './mint/ask-issuer.ts';
import { Minter } from './mint/minter.ts';
import type { Outbound } from './outbound/answer-call.ts';
import { Connections } from './outbound/connections.ts';
import { Guard, type Resolve } from './outbound/guard.ts';
import { OUTBOUND, OutboundSubjects } from './outbound/outbound.subjects.ts';
import { REVEALING, RevealSubjects } from './reveal/reveal.subjects.ts';
import type { Revealing } from './reveal/reveal-values.ts';
import { AdmitRunnerSubjects, RUNNER_KEY } from './runners/admit-runner.subjects.ts';
import { CERTIFYING, CertifySubjects } from './sign/certify.subjects.ts';
import type { Certifying } from './sign/certify.ts';
import { followRootKeys } from './sign/follow-root-keys.ts';
import { deriveRevisionKey, type Root } from './sign/root.ts';
import { announceRevision } from './store/announce-revision.ts';
import { CheckSubjects, SECRET_STORE } from './store/check.subjects.ts';
import { EnvStore } from './store/env-store.ts';
import { FileStore } from './store/file-store.ts';
import { LayeredStore } from './store/layered-store.ts';
import type { SecretStore } from './store/secret-store.ts';
import { VaultStore } from './store/vault-store.ts';
import { Kv } from './vault/kv.ts';
import { Leases } from './vault/leases.ts';
import type { VaultSession } from './vault/vault-session.ts';

export interface SecretsParts {
  settings: SecretsSettings;
  bus: Bus;
  log: Log;
  /** where settings name it */
  vault?: VaultSession;
  root: Root;
  rootKeys: JWK[];
  /** how names become addresses; the system's way where not given */
  resolve?: Resolve;
}

const PARTS = Symbol('parts');
const VERIFIER = Symbol('verifier');
const GRANTS = Symbol('grants');
const TICKETS = Symbol('tickets');
const TALLY = Symbol('tally');
const KEEPERS = Symbol('keepers');

/** Watches the registry, the runners and the root, and announces the store, for as long as the service runs. */
@Module({})
class SecretsModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private stops: (() => void)[] = [];

  constructor(
    @Inject(PARTS) private readonly parts: SecretsParts,
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    @Inject(VERIFIER) private readonly verifier: Verifier,
    @Inject(GRANTS) private readonly grants: GrantsInForce,
    @Inject(TICKETS) private readonly tickets: TicketCheck,
    @Inject(TALLY) private readonly tally: RunTally,
    @Inject(KEEPERS) private readonly keepers: Keepers,
  ) {}

  onApplicationBootstrap(): void {
    const { bus, log, root, rootKeys } = this.parts;
    this.keepers.start();
    this.stops = [
      () => this.keepers.leave(),
      announceRevision(this.store, bus, log),
      hearRunOver(bus, this.tickets.ledger, this.tally, this.store),
      followRootKeys(root, rootKeys, this.verifier, log),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stops) stop();
    this.grants.close();
  }

  // After the last call: until then it may need what was lent to its run.
  async onApplicationShutdown(): Promise<void> {
    await this.store.close?.();
  }
}

export function secretsModule(parts: SecretsParts): DynamicModule {
  const audit = new AuditTrail(parts.bus);
  return {
    module: SecretsModule,
    controllers: [AdmitRunnerSubjects, CertifySubjects, CheckSubjects, OutboundSubjects, RevealSubjects],
    providers: [
      { provide: PARTS, useValue: parts },
      { provide: RUNNER_KEY, useValue: parts.settings.runnerKey },
      { provide: CERTIFYING, useValue: { root: parts.root, audit, log: parts.log } satisfies Certifying },
      { provide: SECRET_STORE, useFactory: () => makeStore(parts) },
      { provide: VERIFIER, useValue: new Verifier(parts.rootKeys) },
      {
        provide: GRANTS,
        useFactory: (verifier: Verifier) => new GrantsInForce(parts.bus, verifier, parts.log),
        inject: [VERIFIER],
      },
      { provide: TALLY, useValue: new RunTally() },
      { provide: KEEPERS, useFactory: (tally: RunTally) => new Keepers(parts.bus, tally), inject: [TALLY] },
      {
        provide: TICKETS,
        useFactory: (verifier: Verifier, grants: GrantsInForce, keepers: Keepers): TicketCheck => ({
          verifier: new RememberedVerifier(verifier),
          grants,
          ledger: new RunLedger((use) => keepers.count(use)),
        }),
        inject: [VERIFIER, GRANTS, KEEPERS],
      },
      { provide: OUTBOUND, useFactory: makeOutbound, inject: [PARTS, SECRET_STORE, TICKETS] },
      {
        provide: REVEALING,
        useFactory: (store: SecretStore, tickets: TicketCheck): Revealing => ({
          ...{ tickets, store, audit, log: parts.log },
        }),
        inject: [SECRET_STORE, TICKETS],
      },
    ],
  };
}

// What somebody set by hand first, then what the deployment brought, then Vault: neither of the first two waits for it.
async function makeStore({ settings, root, vault: session, log }: SecretsParts): Promise<SecretStore> {
  const { dataFolder, secretsKeys, integrationSecrets, vault } = settings;
  const own = [FileStore.in(dataFolder, secretsKeys), new EnvStore(integrationSecrets, await deriveRevisionKey(root))];
  if (vault === undefined || session === undefined) return new LayeredStore(own);
  const kv = new Kv(session, vault.mount, vault.prefix);
  const leases = new Leases(session, log);
  return new LayeredStore([...own, new VaultStore({ kv, leases, dynamicMounts: vault.dynamicMounts, log })]);
}

function makeOutbound({ settings, log, resolve }: SecretsParts, store: SecretStore, tickets: TicketCheck): Outbound {
  const guard = new Guard(settings.outboundAllow, resolve);
  const connections = new Connections(guard, { proxy: settings.outboundProxy, ca: settings.outboundCa });
  return {
    tickets,
    store,
    minter: new Minter(askIssuer({ guard, connections })),
    guard,
    connections,
    isTold: (url) => settings.traceHosts?.includes(hostAndPort(url)) === true,
    log,
  };
}
