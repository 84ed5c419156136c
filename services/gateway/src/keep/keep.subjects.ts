import { gatewaySubjects, type RecallReply, RecallRequest, RememberRequest } from '@fingerpost/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AdmitTicket } from './admit-ticket.ts';
import { IntegrationMemory } from './integration-memory.ts';

@Controller()
export class KeepSubjects {
  constructor(
    private readonly tickets: AdmitTicket,
    private readonly memory: IntegrationMemory,
  ) {}

  @MessagePattern(gatewaySubjects.recall)
  async recall(@Payload() { ticket, key }: RecallRequest): Promise<RecallReply> {
    const { digest, viewerScope } = await this.tickets.admit(ticket);
    const value = this.memory.recall(digest, viewerScope, key);
    return value === undefined ? {} : { value };
  }

  @MessagePattern(gatewaySubjects.remember)
  async remember(@Payload() { ticket, key, value, ttlSeconds }: RememberRequest): Promise<object> {
    const { digest, viewerScope } = await this.tickets.admit(ticket);
    this.memory.remember(digest, viewerScope, key, value, ttlSeconds);
    return {};
  }
}
