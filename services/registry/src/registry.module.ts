import { type Bus, type CertifiedSigner, certifiedSigner, type Log } from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import { type DynamicModule, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { hearEvents } from './audit/hear-events.ts';
import { rememberHead } from './audit/remember-head.ts';
import { Builder } from './build/builder.ts';
import { Inspector } from './build/inspector.ts';
import { Bundles } from './catalogue/bundles.ts';
import { CatalogueSubjects } from './catalogue/catalogue.subjects.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { EpochAnnouncer } from './catalogue/epoch-announcer.ts';
import { StoreFollower } from './catalogue/store-follower.ts';
import type { RegistrySettings } from './config.ts';
import { beginTerm } from './lead/begin-term.ts';
import { Leadership } from './lead/leadership.ts';
import { MatchSubjects } from './match/match.subjects.ts';
import { GrantSigner } from './review/grant-signer.ts';
import { FolderSource } from './source/folder-source.ts';
import { CatalogueStore } from './store/catalogue-store.ts';

export interface RegistryParts {
  settings: RegistrySettings;
  bus: Bus;
  log: Log;
  database: Database;
}

const SIGNER = Symbol('certified signer');
const RENEWAL_MS = 2_000;

class Life implements OnApplicationBootstrap, OnApplicationShutdown {
  private renewal: NodeJS.Timeout;
  private stopHearing: () => void = () => {};

  constructor(
    private readonly leadership: Leadership,
    private readonly follower: StoreFollower,
    private readonly announcer: EpochAnnouncer,
    private readonly certified: CertifiedSigner,
    private readonly signer: GrantSigner,
    private readonly store: CatalogueStore,
    private readonly hear: () => () => void,
  ) {}

  onApplicationBootstrap(): void {
    this.follower.start();
    this.leadership.start();
    this.stopHearing = this.hear();
    this.renewal = setInterval(() => this.renewGrants(), RENEWAL_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.renewal);
    this.stopHearing();
    this.announcer.close();
    await this.leadership.close();
    await this.follower.close();
    this.certified.close();
  }

  // What we signed under the old certificate runs out with it: whoever holds it comes for it anew.
  private renewGrants(): void {
    if (this.signer.forgetUnderOldCertificate()) void this.store.renew().catch(() => {});
  }
}

@Module({})
class RegistryModule {}

/** @returns how to stop */
function keepTrail(bus: Bus, database: Database, log: Log): () => void {
  const stops = [hearEvents(bus, database, log), rememberHead(database, log)];
  return () => {
    for (const stop of stops) stop();
  };
}

export function registryModule({ settings, bus, log, database }: RegistryParts): DynamicModule {
  const catalogue = new Catalogue();
  const store = new CatalogueStore(database);
  const announcer = new EpochAnnouncer(catalogue, bus);
  return {
    module: RegistryModule,
    controllers: [MatchSubjects, CatalogueSubjects],
    providers: [
      { provide: Catalogue, useValue: catalogue },
      { provide: Bundles, useValue: new Bundles(store) },
      { provide: SIGNER, useFactory: () => certifiedSigner('registry', bus, log) },
      { provide: GrantSigner, inject: [SIGNER], useFactory: ({ signer }: CertifiedSigner) => new GrantSigner(signer) },
      {
        provide: StoreFollower,
        inject: [GrantSigner],
        useFactory: (signer: GrantSigner) =>
          new StoreFollower(store, catalogue, log, () => {
            signer.keepOnly(new Set(Object.keys(catalogue.inForce)));
            announcer.say();
          }),
      },
      {
        provide: Leadership,
        inject: [StoreFollower],
        useFactory: (follower: StoreFollower) => {
          const parts = {
            ...{ store, follower, settings, log, inspector: new Inspector(bus, log) },
            openSource: () => new FolderSource(settings.integrationsFolder, log),
            startBuilder: () => new Builder(settings.walls, log),
          };
          return new Leadership(
            database,
            () => beginTerm(parts),
            () => follower.open(),
            log,
          );
        },
      },
      {
        provide: Life,
        inject: [Leadership, StoreFollower, SIGNER, GrantSigner],
        useFactory: (
          leadership: Leadership,
          follower: StoreFollower,
          certified: CertifiedSigner,
          signer: GrantSigner,
        ) => new Life(leadership, follower, announcer, certified, signer, store, () => keepTrail(bus, database, log)),
      },
    ],
  };
}
