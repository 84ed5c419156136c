import { type RevealReply, RevealRequest, secretsSubjects } from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { type Revealing, revealValues } from './reveal-values.ts';

export const REVEALING = Symbol('revealing');

@Controller()
export class RevealSubjects {
  constructor(@Inject(REVEALING) private readonly revealing: Revealing) {}

  @MessagePattern(secretsSubjects.anyReveal)
  reveal(@Payload() request: RevealRequest, @Ctx() { call }: BusContext): Promise<RevealReply> {
    return revealValues(this.revealing, request, call.subject.split('.').at(-1)!);
  }
}
