import {
  type InspectReply,
  InspectRequest,
  type RunNotice,
  type RunReply,
  RunRequest,
  runnerSubjects,
} from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { inspectBundle } from './inspect-bundle.ts';
import { RUN_PARTS, type RunParts, runIntegration } from './run-integration.ts';

@Controller()
export class RunSubjects {
  constructor(@Inject(RUN_PARTS) private readonly parts: RunParts) {}

  @MessagePattern(runnerSubjects.run)
  run(@Payload() request: RunRequest, @Ctx() { call }: BusContext): Promise<RunReply> {
    const context = {
      signal: call.signal,
      remainingMs: () => call.remainingMs(),
      warn: () => call.deliver({ isAboutToAct: true } satisfies RunNotice),
    };
    return runIntegration(request, context, this.parts);
  }

  @MessagePattern(runnerSubjects.inspect)
  inspect(@Payload() request: InspectRequest, @Ctx() { call }: BusContext): Promise<InspectReply> {
    return inspectBundle(request, call.body, this.parts.pool);
  }
}
