import { Fault } from '@fingerpost/contracts';
import { Health, metrics } from '@fingerpost/platform';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OPEN } from '../identity/admit-caller.ts';

export const HAS_OWN_DOOR = Symbol('metrics have a door of their own');

@ApiTags('operations')
@Controller()
export class HealthHttp {
  constructor(
    private readonly health: Health,
    @Inject(HAS_OWN_DOOR) private readonly hasOwnDoor: boolean,
  ) {}

  @Get('health/live')
  @RouteConfig(OPEN)
  @ApiOperation({ summary: 'Is the process alive?' })
  live() {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @RouteConfig(OPEN)
  @ApiOperation({ summary: 'Can it answer? 503 with the reasons while it cannot' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { isReady, checks } = await this.health.report();
    reply.code(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }

  @Get('metrics')
  @RouteConfig(OPEN)
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus' })
  async metrics(@Res({ passthrough: true }) reply: FastifyReply) {
    // They name integrations and tell what is broken: where they have a door of their own, not everybody reads them.
    if (this.hasOwnDoor) throw new Fault('request.not_found', 'Metrics are told at HEALTH_PORT.');
    reply.type(metrics.contentType);
    return await metrics.text();
  }
}
