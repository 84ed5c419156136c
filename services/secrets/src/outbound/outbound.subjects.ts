import { CallRequest, secretsSubjects } from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { answerCall, type Outbound } from './answer-call.ts';

export const OUTBOUND = Symbol('outbound');

@Controller()
export class OutboundSubjects implements OnModuleDestroy {
  private readonly inFlight = new Set<Promise<void>>();

  constructor(@Inject(OUTBOUND) private readonly outbound: Outbound) {}

  @MessagePattern(secretsSubjects.anyCall)
  async call(@Payload() request: CallRequest, @Ctx() context: BusContext): Promise<void> {
    const answering = answerCall(this.outbound, request, context.call);
    this.inFlight.add(answering);
    return answering.finally(() => this.inFlight.delete(answering));
  }

  // No new ones arrive by now; those in flight keep their connections to the end.
  async onModuleDestroy(): Promise<void> {
    await Promise.allSettled(this.inFlight);
    await this.outbound.connections.close();
  }
}
