import { Health, metrics } from '@fingerpost/platform';
import { Controller, Get, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OPEN } from '../identity/admit-caller.ts';

@ApiTags('operations')
@Controller()
export class HealthHttp {
  constructor(private readonly health: Health) {}

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
    reply.type(metrics.contentType);
    return await metrics.text();
  }
}
