import { Readable } from 'node:stream';
import { type AuditReply, Fault, type Viewer } from '@fingerpost/contracts';
import { Controller, Delete, Get, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { viewerIn } from '../admit-caller.ts';
import { AuditReader } from '../audit/audit-reader.ts';
import { IdentityAudit } from '../audit/identity-audit.ts';
import { People } from '../people/people.ts';
import { Sessions } from '../session/sessions.ts';
import { MachineTokens } from '../tokens/machine-tokens.ts';
import { AccessReview } from './access-review.ts';
import { listOf, PERSON, SESSION, TOKEN } from './shapes.ts';

/** What administrators see and end. Whatever changes something is in the audit trail before it is done. */
@ApiTags('administration')
@ApiBearerAuth()
@ApiCookieAuth()
@Controller('admin')
export class AdminHttp {
  constructor(
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly tokens: MachineTokens,
    private readonly audit: IdentityAudit,
    private readonly trail: AuditReader,
    private readonly review: AccessReview,
  ) {}

  @Get('people')
  @ApiOperation({ summary: 'Everybody who has ever signed in, with the roles that they have now' })
  @ApiResponse({ status: 200, schema: listOf(PERSON) })
  async listPeople(@Req() request: FastifyRequest) {
    this.admit(request);
    return await this.people.list();
  }

  @Put('people/:subject/block')
  @HttpCode(204)
  @ApiOperation({ summary: 'Closes an account here, and ends its sessions and tokens at once' })
  async block(@Param('subject') subject: string, @Req() request: FastifyRequest): Promise<void> {
    const { subject: actor } = this.admit(request);
    if (subject === actor)
      throw new Fault('request.invalid', 'You cannot close your own account; ask another administrator.');
    await this.audit.first({ actor, action: 'person.blocked', target: subject });
    if (!(await this.people.setBlocked(subject, true))) throw notThere('person');
    await Promise.all([this.sessions.endAllOf(subject), this.tokens.endAllOf(subject)]);
  }

  @Delete('people/:subject/block')
  @HttpCode(204)
  @ApiOperation({ summary: 'Opens an account again' })
  async unblock(@Param('subject') subject: string, @Req() request: FastifyRequest): Promise<void> {
    const { subject: actor } = this.admit(request);
    await this.audit.first({ actor, action: 'person.unblocked', target: subject });
    if (!(await this.people.setBlocked(subject, false))) throw notThere('person');
  }

  @Get('sessions')
  @ApiOperation({ summary: 'Who is signed in, and where' })
  @ApiResponse({ status: 200, schema: listOf(SESSION) })
  async listSessions(@Req() request: FastifyRequest) {
    this.admit(request);
    return await this.sessions.list();
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Signs somebody out on one device' })
  async endSession(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { subject: actor } = this.admit(request);
    await this.audit.first({ actor, action: 'session.ended', target: `session:${id}` });
    if (!(await this.sessions.end(id))) throw notThere('session');
  }

  @Get('tokens')
  @ApiOperation({ summary: 'Every API token that a person has made' })
  @ApiResponse({ status: 200, schema: listOf(TOKEN) })
  async listTokens(@Req() request: FastifyRequest) {
    this.admit(request);
    return await this.tokens.list();
  }

  @Delete('tokens/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends a token, at once' })
  async endToken(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { subject: actor } = this.admit(request);
    await this.audit.first({ actor, action: 'token.ended', target: `token:${id}` });
    if ((await this.tokens.end(id)) === undefined) throw notThere('token');
  }

  @Get('audit')
  @ApiOperation({ summary: 'The audit trail, the latest first; `before` is the number to go on from' })
  @ApiQuery({ name: 'before', required: false, type: Number })
  @ApiQuery({ name: 'limit', required: false, type: Number })
  @ApiQuery({ name: 'actor', required: false })
  @ApiQuery({ name: 'action', required: false })
  async readTrail(@Query() query: Record<string, unknown>, @Req() request: FastifyRequest): Promise<AuditReply> {
    this.admit(request);
    return await this.trail.read(query);
  }

  @Get('audit/export')
  @ApiOperation({ summary: 'The whole trail, a line of JSON for each event' })
  exportTrail(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.admit(request);
    sendFile(reply, 'audit-trail.ndjson', 'application/x-ndjson', Readable.from(this.trail.lines()));
  }

  @Get('access-review')
  @ApiOperation({ summary: 'Who has which role, and when it was last used: a table (CSV) to review' })
  async readReview(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.admit(request);
    sendFile(reply, 'access-review.csv', 'text/csv', await this.review.table());
  }

  /** @throws Fault `request.forbidden` for whoever does not administer; that is in the trail, too */
  private admit(request: FastifyRequest): Viewer {
    const viewer = viewerIn(request);
    if (viewer.roles.includes('admin')) return viewer;
    const { method, routeOptions } = request;
    this.audit.tell({ actor: viewer.subject, action: 'access.refused', target: `${method} ${routeOptions.url}` });
    throw new Fault('request.forbidden', 'This needs the role "admin".');
  }
}

const notThere = (what: string): Fault => new Fault('request.not_found', `There is no such ${what}.`);

function sendFile(reply: FastifyReply, name: string, type: string, content: unknown): void {
  reply.header('content-disposition', `attachment; filename="${name}"`).type(`${type}; charset=utf-8`).send(content);
}
