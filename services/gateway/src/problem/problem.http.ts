import { randomUUID } from 'node:crypto';
import { Fault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from './problem.ts';

/** The one place where a fault becomes an answer over HTTP. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent || reply.raw.headersSent) return;
    const { problem, headers } = toProblem(this.orNotAllowed(error, request), (cause) => this.report(cause, request));
    reply.code(problem.status).headers(headers).type('application/problem+json; charset=utf-8');
    reply.send(JSON.stringify(problem));
  }

  /** Nothing there, or something there that is asked for otherwise? */
  private orNotAllowed(error: unknown, request: FastifyRequest): unknown {
    if ((error as { status?: number }).status !== 404) return error;
    const url = request.url.split('?', 1)[0]!;
    const allow = METHODS.filter((method) => (request.server as FastifyInstance).hasRoute({ method, url }));
    if (allow.length === 0) return new Fault('request.not_found', 'There is nothing at this address.');
    const message = `Ask for this address with ${allow.join(' or ')}.`;
    return new Fault('request.invalid', message, { detail: { status: 405, allow: allow.join(', ') } });
  }

  private report(error: unknown, request: FastifyRequest): string {
    const id = randomUUID().slice(0, 8);
    this.log.error({ err: error, id, method: request.method, route: request.routeOptions?.url }, 'a request failed');
    return id;
  }
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
