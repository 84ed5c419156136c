import { CallRequest, secretsSubjects } from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { answerCall, type Outbound } from './answer-call.ts';

export const OUTBOUND = Symbol('outbound');

@Controller()
export class OutboundSubjects implements OnModuleDestroy {
  constructor(@Inject(OUTBOUND) private readonly outbound: Outbound) {}

  @MessagePattern(secretsSubjects.anyCall)
  call(@Payload() request: CallRequest, @Ctx() { call }: BusContext): Promise<void> {
    return answerCall(this.outbound, request, call);
  }

  onModuleDestroy(): Promise<void> {
    return this.outbound.connections.close();
  }
}
