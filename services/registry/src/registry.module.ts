import type { Bus, CertifiedSigner, Log } from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { AuditSubjects, DATABASE } from './audit/audit.subjects.ts';
import { hearEvents } from './audit/hear-events.ts';
import { rememberHead } from './audit/remember-head.ts';
import { watchBacklog } from './audit/watch-backlog.ts';
import { Builder } from './build/builder.ts';
import { Inspector } from './build/inspector.ts';
import { Bundles } from './catalogue/bundles.ts';
import { CatalogueSubjects } from './catalogue/catalogue.subjects.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { EpochAnnouncer } from './catalogue/epoch-announcer.ts';
import { StoreFollower } from './catalogue/store-follower.ts';
import { watchCatalogue } from './catalogue/watch-catalogue.ts';
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
  certified: CertifiedSigner;
}

const RENEWAL_MS = 2_000;

export function registryModule({ settings, bus, log, database, certified }: RegistryParts): DynamicModule {
  const catalogue = new Catalogue();
  const store = new CatalogueStore(database);
  const announcer = new EpochAnnouncer(catalogue, bus);
  watchCatalogue(catalogue);
  const signer = new GrantSigner(certified.signer);
  const follower = new StoreFollower(store, catalogue, log, () => {
    signer.keepOnly(new Set(Object.keys(catalogue.inForce)));
    announcer.say();
  });
  const inspector = new Inspector(bus, log);
  const begin = () =>
    beginTerm({
      store,
      follower,
      openSource: () => new FolderSource(settings.integrationsFolder, log),
      startBuilder: () => new Builder(settings.walls, log),
      inspector,
      settings,
      log,
    });
  const leadership = new Leadership(database, begin, () => follower.open(), log);

  class RegistryModule implements OnApplicationBootstrap, OnApplicationShutdown {
    private renewal: NodeJS.Timeout;
    private stopTrail: () => void = () => {};

    onApplicationBootstrap(): void {
      follower.start();
      leadership.start();
      this.stopTrail = keepTrail(bus, database, log);
      this.renewal = setInterval(renewGrants, RENEWAL_MS).unref();
    }

    async onApplicationShutdown(): Promise<void> {
      clearInterval(this.renewal);
      this.stopTrail();
      announcer.close();
      await leadership.close();
      await follower.close();
    }
  }

  // What we signed under the old certificate runs out with it: whoever holds it comes for it anew.
  function renewGrants(): void {
    if (signer.forgetUnderOldCertificate()) void store.renew().catch(() => {});
  }

  return {
    module: RegistryModule,
    controllers: [MatchSubjects, CatalogueSubjects, AuditSubjects],
    providers: [
      { provide: DATABASE, useValue: database },
      { provide: Catalogue, useValue: catalogue },
      { provide: Bundles, useValue: new Bundles(store) },
      { provide: GrantSigner, useValue: signer },
      { provide: StoreFollower, useValue: follower },
    ],
  };
}

/** @returns how to stop */
function keepTrail(bus: Bus, database: Database, log: Log): () => void {
  const stops = [hearEvents(bus, database, log), rememberHead(database, log), watchBacklog(bus)];
  return () => {
    for (const stop of stops) stop();
  };
}
