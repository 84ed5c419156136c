import { SecretsNotice, secretsSubjects } from '@fingerpost/contracts';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { SecretsNews } from './news.ts';

@Controller()
export class NewsSubjects {
  constructor(private readonly secrets: SecretsNews) {}

  @EventPattern(secretsSubjects.revision)
  hearRevision(@Payload() notice: SecretsNotice): void {
    this.secrets.hear(notice);
  }
}
