import { gatewaySubjects, type RecallReply, RecallRequest, RememberRequest } from '@fingerpost/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AdmitTicket } from './admit-ticket.ts';
import { INTEGRATION_MEMORY, type IntegrationMemory } from './integration-memory.ts';

@Controller()
export class KeepSubjects {
  constructor(
    private readonly tickets: AdmitTicket,
    @Inject(INTEGRATION_MEMORY) private readonly memory: IntegrationMemory,
  ) {}

  @MessagePattern(gatewaySubjects.recall)
  async recall(@Payload() { ticket, key }: RecallRequest): Promise<RecallReply> {
    const { digest, viewerScope } = await this.tickets.admit(ticket);
    const value = await this.memory.recall(digest, viewerScope, key);
    return value === undefined ? {} : { value };
  }

  @MessagePattern(gatewaySubjects.remember)
  async remember(@Payload() { ticket, key, value, ttlSeconds }: RememberRequest): Promise<object> {
    const { digest, viewerScope } = await this.tickets.admit(ticket);
    await this.memory.remember(digest, viewerScope, key, value, ttlSeconds);
    return {};
  }
}
