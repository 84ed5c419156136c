import type { Viewer } from '@fingerpost/contracts';
import { Controller, Get, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { viewerIn } from './admit-caller.ts';

@ApiTags('signing in')
@Controller()
export class WhoamiHttp {
  @Get('whoami')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who the gateway takes the caller for, however that was shown' })
  whoami(@Req() request: FastifyRequest): Viewer {
    return viewerIn(request);
  }
}
