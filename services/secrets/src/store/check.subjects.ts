import { type CheckReply, CheckRequest, secretsSubjects } from '@fingerpost/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { missingFrom, type SecretStore } from './secret-store.ts';

export const SECRET_STORE = Symbol('secret store');

@Controller()
export class CheckSubjects {
  constructor(@Inject(SECRET_STORE) private readonly store: SecretStore) {}

  @MessagePattern(secretsSubjects.check)
  async check(@Payload() { names }: CheckRequest): Promise<CheckReply> {
    // The revision first: a value that comes in between makes the answer look old, not new.
    const revision = await this.store.revision();
    const missing = await missingFrom(this.store, names);
    const places = missing.flatMap((name) => this.store.placeOf?.(name) ?? []);
    return { missing, revision, ...(places.length > 0 && { places }) };
  }
}
