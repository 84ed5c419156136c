import { type FailureDetail, Fault } from '@fingerpost/contracts';
import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { viewerIn } from '../identity/admit-caller.ts';
import { Failures } from './failures.ts';

export const SHOWS_FAILURES = Symbol('shows failures');

@ApiTags('catalogue')
@ApiBearerAuth()
@Controller()
export class FailuresHttp {
  constructor(
    private readonly failures: Failures,
    @Inject(SHOWS_FAILURES) private readonly areShown: boolean,
  ) {}

  @Get('failures/:id')
  @ApiOperation({ summary: 'Why an integration failed: what its author wants to know, and the bar does not show' })
  async read(@Param('id') id: string, @Req() request: FastifyRequest): Promise<FailureDetail> {
    if (!this.areShown)
      throw new Fault(
        'request.forbidden',
        'Failures are told in the log alone; FINGERPOST_SHOW_FAILURES=true tells them here too.',
      );
    const failure = await this.failures.get(id, viewerIn(request));
    if (failure === undefined)
      throw new Fault(
        'request.not_found',
        'No failure of this id is remembered; the log knows older ones, and, where Redis was away, those of other gateways.',
      );
    return failure;
  }
}
