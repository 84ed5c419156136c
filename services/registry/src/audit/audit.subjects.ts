import { type AuditReply, AuditRequest, registrySubjects } from '@fingerpost/contracts';
import type { Database } from '@fingerpost/platform/database';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { latestOf } from './trail.ts';

export const DATABASE = Symbol('database');

@Controller()
export class AuditSubjects {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @MessagePattern(registrySubjects.audit)
  async read(@Payload() request: AuditRequest): Promise<AuditReply> {
    return { rows: await latestOf(this.database.sql, request) };
  }
}
