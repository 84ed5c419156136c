import { Readable } from 'node:stream';
import {
  beginSpan,
  isTracing,
  type Trace,
  toTraceparent,
  traceFrom,
  traceFromOutside,
  withTrace,
} from '@fingerpost/platform';
import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONTEXT_ANSWER, EXAMPLE_CONTEXT, PROBLEM } from '../docs/shapes.ts';
import { viewerIn } from '../identity/admit-caller.ts';
import { type AnswerAtHand, AnswerContext } from './answer-context.ts';
import { timeAnswers } from './answer-times.ts';
import { eventStream } from './event-stream.ts';
import { jsonAnswer } from './json-answer.ts';
import type { AskedContext } from './question.ts';

@ApiTags('answers')
@ApiBearerAuth()
@Controller()
export class AnswerHttp {
  private readonly times = timeAnswers();

  constructor(private readonly answers: AnswerContext) {}

  @Post('context')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What is known about a page',
    description:
      'JSON by default. With `Accept: text/event-stream`: the events `expected`, then `insight` and `failure` in order of arrival, then `done`.',
  })
  @ApiBody({ schema: { type: 'object', required: ['type', 'url'], example: EXAMPLE_CONTEXT } })
  @ApiProduces('application/json', 'text/event-stream')
  @ApiResponse({ status: 200, schema: CONTEXT_ANSWER })
  @ApiResponse({ status: 400, description: 'not valid; `errors` names the paths', schema: PROBLEM })
  answer(@Req() request: FastifyRequest<{ Body: AskedContext }>, @Res() reply: FastifyReply): Promise<void> | void {
    const startedAt = performance.now();
    reply.header('cache-control', 'no-store');
    const traceparent = request.headers.traceparent as string | undefined;
    // Drawing ids costs as much as a twentieth of an answer at hand, which has no use for one.
    const trace = isTracing() ? traceFromOutside(traceparent) : undefined;
    if (trace?.isSampled) timeReply(reply, trace, request.body.context.type);
    const question = { ...request.body, viewer: viewerIn(request) };
    const atHand = wantsEvents(request) ? undefined : this.answers.atHand(question);
    if (atHand !== undefined) return this.sendJson(reply, atHand, startedAt);
    return withTrace(trace ?? traceFrom(traceparent), async () => {
      const answer = await this.answers.ask(question, leavingOf(reply));
      if (wantsEvents(request)) sendEvents(reply, eventStream(answer, startedAt, this.times));
      else this.sendJson(reply, { expected: answer.expected, outcomes: await Promise.all(answer.outcomes) }, startedAt);
    });
  }

  // All of it at once: the first insight is there when the last one is.
  private sendJson(reply: FastifyReply, answer: AnswerAtHand, startedAt: number): void {
    const tookMs = performance.now() - startedAt;
    if (answer.outcomes.some((outcome) => 'insights' in outcome && outcome.insights.length > 0))
      this.times.first(tookMs);
    this.times.all(tookMs);
    reply.type('application/json; charset=utf-8').send(jsonAnswer(answer));
  }
}

/** From here to the last byte. The page reads in its answer that somebody looks, and tells what it saw (`page-times.http.ts`). */
function timeReply(reply: FastifyReply, trace: Trace, site: string): void {
  const span = beginSpan('POST /context', trace);
  span.set({ 'http.request.method': 'POST', 'http.route': '/context', 'fingerpost.site': site });
  reply.header('traceresponse', toTraceparent(trace));
  reply.raw.once('close', () => {
    span.set({ 'http.response.status_code': reply.statusCode });
    span.end();
  });
}

const wantsEvents = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/event-stream') === true;

function sendEvents(reply: FastifyReply, events: AsyncIterable<string>): void {
  // A proxy that collects events before it passes them on would take the point away.
  reply.header('x-accel-buffering', 'no').type('text/event-stream; charset=utf-8');
  reply.send(Readable.from(events, { highWaterMark: 1 }));
}

/** Fires when the connection goes away before the answer has left. */
function leavingOf({ raw }: FastifyReply): AbortSignal {
  const leaving = new AbortController();
  if (raw.destroyed) leaving.abort();
  raw.once('close', () => raw.writableFinished || leaving.abort());
  return leaving.signal;
}
