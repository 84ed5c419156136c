import { type AdmitRunnerReply, AdmitRunnerRequest, secretsSubjects } from '@fingerpost/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { admitRunner } from './admit-runner.ts';
import type { RunnerKey } from './runner-key.ts';

export const RUNNER_KEY = Symbol('runner key');

@Controller()
export class AdmitRunnerSubjects {
  constructor(@Inject(RUNNER_KEY) private readonly runnerKey: RunnerKey | undefined) {}

  @MessagePattern(secretsSubjects.admitRunner)
  admit(@Payload() { publicKey }: AdmitRunnerRequest): Promise<AdmitRunnerReply> {
    return admitRunner(this.runnerKey, publicKey);
  }
}
