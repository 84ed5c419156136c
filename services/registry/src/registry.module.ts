import { type Bus, type CertifiedSigner, certifiedSigner, type Log } from '@fingerpost/platform';
import { type DynamicModule, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Builder } from './build/builder.ts';
import { SourceFollower } from './build/follow-source.ts';
import { Inspector } from './build/inspect.ts';
import { EpochAnnouncer } from './catalogue/announce-epoch.ts';
import { CatalogueSubjects } from './catalogue/catalogue.subjects.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import type { RegistrySettings } from './config.ts';
import { MatchSubjects } from './match/match.subjects.ts';
import { GrantSigner } from './review/sign-grant.ts';
import { FolderSource } from './source/folder-source.ts';

export interface RegistryParts {
  settings: RegistrySettings;
  bus: Bus;
  log: Log;
}

const SIGNER = Symbol('certified signer');

class Life implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly follower: SourceFollower,
    private readonly announcer: EpochAnnouncer,
    private readonly certified: CertifiedSigner,
  ) {}

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower.close();
    this.announcer.close();
    this.certified.close();
  }
}

@Module({})
class RegistryModule {}

export function registryModule({ settings, bus, log }: RegistryParts): DynamicModule {
  return {
    module: RegistryModule,
    controllers: [MatchSubjects, CatalogueSubjects],
    providers: [
      Catalogue,
      { provide: SIGNER, useFactory: () => certifiedSigner('registry', bus, log) },
      { provide: GrantSigner, inject: [SIGNER], useFactory: ({ signer }: CertifiedSigner) => new GrantSigner(signer) },
      {
        provide: EpochAnnouncer,
        inject: [Catalogue, GrantSigner],
        useFactory: (catalogue: Catalogue, signer: GrantSigner) => new EpochAnnouncer(catalogue, signer, bus, log),
      },
      {
        provide: SourceFollower,
        inject: [Catalogue, EpochAnnouncer],
        useFactory: (catalogue: Catalogue, announcer: EpochAnnouncer) => {
          const source = new FolderSource(settings.integrationsFolder, log);
          const tools = { builder: new Builder(settings.walls, log), inspector: new Inspector(bus, log) };
          return new SourceFollower(source, catalogue, announcer, tools, settings, log);
        },
      },
      {
        provide: Life,
        inject: [SourceFollower, EpochAnnouncer, SIGNER],
        useFactory: (...parts: ConstructorParameters<typeof Life>) => new Life(...parts),
      },
    ],
  };
}
