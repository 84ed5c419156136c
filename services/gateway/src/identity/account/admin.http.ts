import { Readable } from 'node:stream';
import { Fault, type Viewer } from '@fingerpost/contracts';
import { Controller, Delete, Get, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { viewerIn } from '../admit-caller.ts';
import { AuditReader } from '../audit/audit-reader.ts';
import { IdentityAudit } from '../audit/identity-audit.ts';
import { People } from '../people/people.ts';
import type { Person } from '../people/person.ts';
import type { QueryParams } from '../query.ts';
import { Sessions } from '../session/sessions.ts';
import { MachineTokens } from '../tokens/machine-tokens.ts';
import { AccessReview } from './access-review.ts';
import { pageOf } from './page-of.ts';
import { Paged } from './paged.http.ts';
import { OWNED_TOKEN, PERSON, SESSION } from './shapes.ts';

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

  @Paged('people', 'Everybody who has ever signed in, with the roles that they have now', PERSON)
  async listPeople(@Query() query: QueryParams, @Req() request: FastifyRequest) {
    this.admit(request);
    return pageOf(await this.people.list(), query, ({ blockedAt, ...person }) => [
      ...textsOf(person),
      ...[...person.groups, ...person.roles, blockedAt && 'closed'],
    ]);
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

  @Paged('sessions', 'Who is signed in, and where', SESSION)
  async listSessions(@Query() query: QueryParams, @Req() request: FastifyRequest) {
    this.admit(request);
    return pageOf(await this.sessions.list(), query, ({ person, device }) => [...textsOf(person), device]);
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Signs somebody out on one device' })
  async endSession(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const { subject: actor } = this.admit(request);
    await this.audit.first({ actor, action: 'session.ended', target: `session:${id}` });
    if (!(await this.sessions.end(id))) throw notThere('session');
  }

  @Paged('tokens', 'Every API token that a person has made', OWNED_TOKEN)
  async listTokens(@Query() query: QueryParams, @Req() request: FastifyRequest) {
    this.admit(request);
    const tokens = await this.tokens.list();
    const names = await this.people.namesOf(tokens.map(({ owner }) => owner));
    const owned = tokens.map((token) => ({ ...token, ownerName: names[token.owner] ?? token.owner }));
    return pageOf(owned, query, ({ name, ownerName, owner, roles }) => [name, ownerName, owner, ...roles]);
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
  @ApiOperation({
    summary:
      'The audit trail, the latest first; `before` is the number to go on from; `names` says who the subjects are',
  })
  @ApiQuery({ name: 'before', required: false, type: Number })
  @ApiQuery({ name: 'limit', required: false, type: Number })
  @ApiQuery({ name: 'actor', required: false })
  @ApiQuery({ name: 'action', required: false })
  @ApiQuery({ name: 'search', required: false, description: 'a text somewhere in the event' })
  async readTrail(@Query() query: QueryParams, @Req() request: FastifyRequest) {
    this.admit(request);
    const { rows } = await this.trail.read(query);
    const names = await this.people.namesOf(rows.flatMap(({ event: { actor, target } }) => [actor, target]));
    return { rows, names };
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

const textsOf = ({ name, email, subject, provider }: Person) => [name, email, subject, provider];

const notThere = (what: string): Fault => new Fault('request.not_found', `There is no such ${what}.`);

function sendFile(reply: FastifyReply, name: string, type: string, content: unknown): void {
  reply.header('content-disposition', `attachment; filename="${name}"`).type(`${type}; charset=utf-8`).send(content);
}
