import { Fault } from '@fingerpost/contracts';
import { passOnSpan, traceFromOutside } from '@fingerpost/platform';
import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/** Longer than any answer takes. */
const LONGEST_MS = 120_000;

/**
 * The page's own part of a trace: what its clock saw from the question to the last insight. It is a claim like all that comes from a browser:
 * bounded, counted against the caller's limit, and of use in that trace alone.
 */
@ApiTags('operations')
@ApiBearerAuth()
@Controller()
export class PageTimesHttp {
  @Post('page-times')
  @HttpCode(204)
  @ApiOperation({
    summary: 'How long a page waited, in milliseconds, under its header traceparent; where it is traced',
  })
  tell(@Req() request: FastifyRequest, @Query('first') first?: string, @Query('all') all?: string): void {
    const { traceId, parentId, isSampled } = traceFromOutside(request.headers.traceparent as string | undefined);
    const [firstMs, allMs] = [readMs('first', first ?? all), readMs('all', all)];
    if (!isSampled || parentId === undefined) return;
    passOnSpan(
      {
        ...{ name: 'page', kind: 'client', traceId, spanId: parentId },
        ...{ startedAt: Date.now() - allMs, tookMs: allMs },
        attributes: { 'fingerpost.first_insight_ms': firstMs },
      },
      { service: 'fingerpost-page' },
    );
  }
}

function readMs(name: string, text: string | undefined): number {
  const ms = /^\d{1,6}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (ms <= LONGEST_MS) return ms;
  throw new Fault('request.invalid', `${name}: must be whole milliseconds, ${LONGEST_MS} at most.`);
}
