import { Fault, isFault } from '@fingerpost/contracts';
import { isLoopback, type Log } from '@fingerpost/platform';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { COUNTED } from '../admit-caller.ts';
import { whyOf } from '../audit/why.ts';
import { type Cookie, cookieIn, setCookie } from '../session/cookies.ts';
import { WebSessions } from '../session/web-session.ts';
import { deviceOf } from './device-of.ts';
import { Entrance } from './entrance.ts';
import { page } from './page.ts';
import { BEGUN_S, SignIn } from './sign-in.ts';

export const LOG = Symbol('log');

const MOST_BEGUN = 8;

@ApiTags('signing in')
@Controller()
export class SignInHttp {
  constructor(
    private readonly signIn: SignIn,
    private readonly entrance: Entrance,
    private readonly web: WebSessions,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get('providers')
  @RouteConfig(COUNTED)
  @ApiOperation({ summary: 'Where people can sign in; nothing where no provider is set up' })
  list(): { name: string; label: string }[] {
    return this.signIn.providers.map(({ settings: { name, label } }) => ({ name, label }));
  }

  @Get('sign-in')
  @RouteConfig(COUNTED)
  @ApiOperation({ summary: 'Where people sign in: goes straight to the provider if there is one only' })
  async choose(@Query('return_to') returnTo: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    if (this.isByAnotherName(request)) return this.toOwnName(request, reply);
    const { providers } = this.signIn;
    const [only] = providers;
    if (only !== undefined && providers.length === 1)
      return await this.begin(only.settings.name, returnTo, request, reply);
    const query = typeof returnTo === 'string' ? `?return_to=${encodeURIComponent(returnTo)}` : '';
    const links = providers.map(({ settings: { name, label } }) => ({
      href: `/sign-in/${name}${query}`,
      label: `Continue with ${label}`,
    }));
    const sentence =
      providers.length > 0
        ? 'With your company account.'
        : 'No identity provider is set up yet: FINGERPOST_OIDC names them, see docs/security/sign-in.md.';
    return show(reply, 200, page({ title: 'Sign in', sentence, links, warning: this.warning }));
  }

  @Get('sign-in/:provider')
  @RouteConfig(COUNTED)
  @ApiOperation({ summary: 'Begins a sign-in at one provider; `return_to` is a path of ours' })
  async begin(
    @Param('provider') name: string,
    @Query('return_to') returnTo: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    if (this.isByAnotherName(request)) return this.toOwnName(request, reply);
    try {
      const { url, cookie } = await this.signIn.begin(name, typeof returnTo === 'string' ? returnTo : undefined);
      this.clearAbandoned(request, reply);
      setCookie(reply, { ...cookie, ...this.cookie, maxAgeSeconds: BEGUN_S });
      reply.header('cache-control', 'no-store').redirect(url, 303);
    } catch (error) {
      this.explain(error, reply, `/sign-in/${encodeURIComponent(name)}`);
    }
  }

  @Get('sign-in/:provider/callback')
  @RouteConfig(COUNTED)
  @ApiOperation({ summary: 'Where a provider sends people back to' })
  async finish(@Param('provider') provider: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { state } = request.query as { state?: unknown };
    const name = this.signIn.cookieOf(typeof state === 'string' && state !== '' ? state : 'none');
    const cookie = cookieIn(request, name);
    if (cookie !== undefined) setCookie(reply, { name, value: '', ...this.cookie, maxAgeSeconds: 0 });
    try {
      const device = deviceOf(request.headers['user-agent']);
      const { secret, returnTo } = await this.entrance.enter(provider, request.url, { cookie, device });
      await this.web.replace(request, reply, secret);
      reply.header('cache-control', 'no-store').redirect(returnTo, 303);
    } catch (error) {
      this.explain(error, reply, '/sign-in');
    }
  }

  @Post('sign-out')
  @RouteConfig(COUNTED)
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends this browser’s session; `continueAt` is where the provider’s own is ended' })
  async leave(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const session = await this.web.of(request);
    this.web.clear(reply);
    reply.header('cache-control', 'no-store').header('clear-site-data', '"cache"');
    return { continueAt: session === undefined ? '/signed-out' : await this.entrance.leave(session) };
  }

  @Get('signed-out')
  @RouteConfig(COUNTED)
  @ApiOperation({ summary: 'What people see when they have signed out' })
  signedOut(@Res() reply: FastifyReply) {
    const links = [{ href: '/sign-in', label: 'Sign in again' }];
    show(reply, 200, page({ title: 'Signed out', sentence: 'This browser is not signed in any more.', links }));
  }

  private explain(error: unknown, reply: FastifyReply, again: string): void {
    const { code, message } = isFault(error)
      ? error
      : new Fault('internal', 'Something went wrong on our side.', { cause: error });
    this.log.warn({ code, why: whyOf(error) }, 'a sign-in failed');
    const isAway = code === 'identity.provider_unavailable' || code === 'identity.unavailable';
    const title = isAway ? 'Signing in is not possible right now' : 'You are not signed in';
    const status = isAway ? 503 : code === 'request.not_found' ? 404 : code === 'internal' ? 500 : 403;
    show(reply, status, page({ title, sentence: message, links: [{ href: again, label: 'Try again' }] }));
  }

  // Each tab may begin one; whoever has begun very many has abandoned most.
  private clearAbandoned(request: FastifyRequest, reply: FastifyReply): void {
    const prefix = this.signIn.cookieOf();
    const names = [...(request.headers.cookie ?? '').matchAll(/(?:^|;\s*)([^=;\s]+)=/g)].map(([, name]) => name!);
    const begun = names.filter((name) => name.startsWith(prefix));
    if (begun.length < MOST_BEGUN) return;
    for (const name of begun) setCookie(reply, { name, value: '', ...this.cookie, maxAgeSeconds: 0 });
  }

  // On one's own machine: a cookie of 127.0.0.1 is none of localhost's, and that is where the provider sends people back to.
  private isByAnotherName({ hostname }: FastifyRequest): boolean {
    const own = new URL(this.signIn.origin).hostname;
    return hostname !== own && isLoopback(own) && isLoopback(hostname);
  }

  private toOwnName({ url }: FastifyRequest, reply: FastifyReply): void {
    reply.redirect(this.signIn.origin + url, 303);
  }

  private get cookie(): Pick<Cookie, 'isSecure'> {
    return { isSecure: this.web.isSecure };
  }

  private get warning(): string | undefined {
    return this.signIn.providers.some(({ settings }) => settings.isForDevelopment)
      ? 'Development only: anybody can sign in as anybody here.'
      : undefined;
  }
}

function show(reply: FastifyReply, status: number, html: string): void {
  reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
