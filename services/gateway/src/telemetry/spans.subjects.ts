import { SpanBatch, telemetrySubjects } from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { RunnersSpans } from './runners-spans.ts';

@Controller()
export class SpansSubjects {
  constructor(private readonly spans: RunnersSpans) {}

  @MessagePattern(telemetrySubjects.anySpans)
  take(@Payload() batch: SpanBatch, @Ctx() { call }: BusContext): object {
    this.spans.take(call.subject.split('.').at(-1)!, batch.spans);
    return {};
  }
}
