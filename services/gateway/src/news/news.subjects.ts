import { EpochNotice, registrySubjects, SecretsNotice, secretsSubjects } from '@fingerpost/contracts';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CatalogueNews, SecretsNews } from './news.ts';

@Controller()
export class NewsSubjects {
  constructor(
    private readonly catalogue: CatalogueNews,
    private readonly secrets: SecretsNews,
  ) {}

  @EventPattern(registrySubjects.epoch)
  hearEpoch(@Payload() notice: EpochNotice): void {
    this.catalogue.hear(notice);
  }

  @EventPattern(secretsSubjects.revision)
  hearRevision(@Payload() notice: SecretsNotice): void {
    this.secrets.hear(notice);
  }
}
