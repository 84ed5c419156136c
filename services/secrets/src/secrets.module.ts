import { type Bus, GrantsInForce, type Log, RememberedVerifier, type SigningKey, Verifier } from '@fingerpost/platform';
import { type DynamicModule, Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { TicketCheck } from './admit/check-ticket.ts';
import { RunLedger } from './admit/run-ledger.ts';
import { AuditFile } from './audit/audit-file.ts';
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
import { CertifySubjects, ROOT_KEY } from './sign/certify.subjects.ts';
import { deriveRevisionKey } from './sign/signing-key.ts';
import { announceRevision } from './store/announce-revision.ts';
import { CheckSubjects, SECRET_STORE } from './store/check.subjects.ts';
import { EnvStore } from './store/env-store.ts';
import { FileStore } from './store/file-store.ts';
import { LayeredStore } from './store/layered-store.ts';
import type { SecretStore } from './store/secret-store.ts';

export interface SecretsParts {
  settings: SecretsSettings;
  bus: Bus;
  log: Log;
  rootKey: SigningKey;
  /** how names become addresses; the system's way where not given */
  resolve?: Resolve;
}

const PARTS = Symbol('parts');
const GRANTS = Symbol('grants');
const TICKETS = Symbol('tickets');

/** Watches the registry and announces the store for as long as the service runs. */
@Module({})
class SecretsModule implements OnApplicationBootstrap, OnModuleDestroy {
  private stopAnnouncing = () => {};

  constructor(
    @Inject(PARTS) private readonly parts: SecretsParts,
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    @Inject(GRANTS) private readonly grants: GrantsInForce,
  ) {}

  onApplicationBootstrap(): void {
    this.stopAnnouncing = announceRevision(this.store, this.parts.bus, this.parts.log);
  }

  onModuleDestroy(): void {
    this.stopAnnouncing();
    this.grants.close();
  }
}

export function secretsModule(parts: SecretsParts): DynamicModule {
  return {
    module: SecretsModule,
    controllers: [AdmitRunnerSubjects, CertifySubjects, CheckSubjects, OutboundSubjects, RevealSubjects],
    providers: [
      { provide: PARTS, useValue: parts },
      { provide: ROOT_KEY, useValue: parts.rootKey },
      { provide: RUNNER_KEY, useValue: parts.settings.runnerKey },
      { provide: SECRET_STORE, useFactory: () => makeStore(parts) },
      {
        provide: GRANTS,
        useFactory: ({ bus, log, rootKey }: SecretsParts) =>
          new GrantsInForce(bus, new Verifier([rootKey.publicKey]), log),
        inject: [PARTS],
      },
      {
        provide: TICKETS,
        useFactory: ({ rootKey }: SecretsParts, grants: GrantsInForce): TicketCheck => ({
          verifier: new RememberedVerifier(new Verifier([rootKey.publicKey])),
          grants,
          ledger: new RunLedger(),
        }),
        inject: [PARTS, GRANTS],
      },
      { provide: OUTBOUND, useFactory: makeOutbound, inject: [PARTS, SECRET_STORE, TICKETS] },
      {
        provide: REVEALING,
        useFactory: ({ settings, log }: SecretsParts, store: SecretStore, tickets: TicketCheck): Revealing => ({
          ...{ tickets, store, log },
          audit: AuditFile.in(settings.dataFolder),
        }),
        inject: [PARTS, SECRET_STORE, TICKETS],
      },
    ],
  };
}

// The file first: what somebody set by hand beats what the deployment brought.
async function makeStore({ settings, rootKey }: SecretsParts): Promise<SecretStore> {
  return new LayeredStore([
    FileStore.in(settings.dataFolder, settings.secretsKey),
    new EnvStore(settings.integrationSecrets, deriveRevisionKey(rootKey)),
  ]);
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
    log,
  };
}
