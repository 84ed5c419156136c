import { Fault } from '@fingerpost/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiCookieAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { sessionIn, TAKES_JSON } from '../admit-caller.ts';
import { IdentityAudit } from '../audit/identity-audit.ts';
import { Sessions } from '../session/sessions.ts';
import { MachineTokens } from '../tokens/machine-tokens.ts';
import { ACCOUNT, MADE_TOKEN, WANTED_TOKEN } from './shapes.ts';
import { readWantedToken } from './wanted-token.ts';

/** What people see and change of their own. For people alone: a token that was lost must not make others. */
@ApiTags('account')
@ApiCookieAuth()
@Controller('account')
export class AccountHttp {
  constructor(
    private readonly sessions: Sessions,
    private readonly tokens: MachineTokens,
    private readonly audit: IdentityAudit,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who am I, where am I signed in, and which tokens have I made' })
  @ApiResponse({ status: 200, schema: ACCOUNT })
  async read(@Req() request: FastifyRequest) {
    const { id, person } = sessionIn(request);
    const [sessions, tokens] = await Promise.all([
      this.sessions.list(person.subject),
      this.tokens.list(person.subject),
    ]);
    const seen = sessions.map(({ person: _, ...session }) => ({ ...session, isThisOne: session.id === id }));
    return { ...person, sessions: seen, tokens };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Signs me out on one device' })
  async endSession(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { subject } = sessionIn(request).person;
    const mine = await this.sessions.list(subject);
    if (!mine.some((session) => session.id === id)) throw notYours('session');
    await this.sessions.end(id);
    this.audit.tell({ actor: subject, action: 'session.ended', target: `session:${id}` });
  }

  @Post('tokens')
  @RouteConfig(TAKES_JSON)
  @ApiOperation({ summary: 'Makes an API token; it is in this answer, and nowhere ever after' })
  @ApiBody({ schema: WANTED_TOKEN })
  @ApiResponse({ status: 201, schema: MADE_TOKEN })
  async makeToken(@Body() body: unknown, @Req() request: FastifyRequest) {
    const { person } = sessionIn(request);
    const made = await this.tokens.make(person, readWantedToken(body));
    const { id, name, roles, expiresAt } = made;
    const detail = { name, roles, expiresAt };
    this.audit.tell({ actor: person.subject, action: 'token.made', target: `token:${id}`, detail });
    return made;
  }

  @Delete('tokens/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends one of my tokens, at once' })
  async endToken(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { subject } = sessionIn(request).person;
    const mine = await this.tokens.list(subject);
    if (!mine.some((token) => token.id === id)) throw notYours('token');
    await this.tokens.end(id);
    this.audit.tell({ actor: subject, action: 'token.ended', target: `token:${id}` });
  }
}

const notYours = (what: string): Fault => new Fault('request.not_found', `You have no such ${what}.`);
