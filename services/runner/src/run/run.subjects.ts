import {
  type InspectReply,
  InspectRequest,
  type RunNotice,
  type RunReply,
  RunRequest,
  runnerSubjects,
} from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { inspectBundle } from './inspect-bundle.ts';
import { RUN_PARTS, type RunParts, runIntegration } from './run-integration.ts';

@Controller()
export class RunSubjects implements OnModuleDestroy {
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(@Inject(RUN_PARTS) private readonly parts: RunParts) {}

  @MessagePattern(runnerSubjects.run)
  run(@Payload() request: RunRequest, @Ctx() { call }: BusContext): Promise<RunReply> {
    const context = {
      signal: call.signal,
      remainingMs: () => call.remainingMs(),
      warn: () => call.deliver({ isAboutToAct: true } satisfies RunNotice),
    };
    return this.followed(runIntegration(request, context, this.parts));
  }

  @MessagePattern(runnerSubjects.inspect)
  inspect(@Payload() request: InspectRequest, @Ctx() { call }: BusContext): Promise<InspectReply> {
    return this.followed(inspectBundle(request, call.body, this.parts.pool));
  }

  // No new ones arrive by now; the module ends their processes only after this.
  async onModuleDestroy(): Promise<void> {
    await Promise.allSettled(this.inFlight);
  }

  private followed<T>(work: Promise<T>): Promise<T> {
    this.inFlight.add(work);
    return work.finally(() => this.inFlight.delete(work));
  }
}
