import { isFault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { COUNTED } from '../admit-caller.ts';
import { whyOf } from '../audit/why.ts';
import type { WebSessions } from '../session/web-session.ts';
import type { BackChannelLogout } from './back-channel-logout.ts';
import type { BreakGlass } from './break-glass.ts';
import { deviceOf } from './device-of.ts';
import { page } from './page.ts';

type Form = FastifyRequest<{ Body: URLSearchParams; Params: { provider: string } }>;

const BODY_BYTES = 20_000;

/** The two places that take forms, as OpenID Connect and browsers without scripts send them. Nowhere else is such a body read. */
export function takeForms(parts: { logout: BackChannelLogout; breakGlass: BreakGlass; web: WebSessions; log: Log }) {
  return async (server: FastifyInstance): Promise<void> => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_BYTES },
      (_request, text, done) => done(null, new URLSearchParams(text as string)),
    );
    const config = { ...COUNTED, isForAnyAddress: true };
    server.post('/sign-in/:provider/back-channel-logout', { config }, (request, reply) =>
      hearLogout(parts, request as Form, reply),
    );
    server.get('/sign-in/break-glass', { config: COUNTED }, (_request, reply) =>
      show(reply, 200, breakGlassPage(parts)),
    );
    server.post('/sign-in/break-glass', { config: COUNTED }, (request, reply) =>
      breakGlass(parts, request as Form, reply),
    );
  };
}

type Parts = Parameters<typeof takeForms>[0];

async function hearLogout({ logout, log }: Parts, { params, body }: Form, reply: FastifyReply) {
  reply.header('cache-control', 'no-store');
  try {
    await logout.hear(params.provider, body?.get('logout_token') ?? '');
    return reply.code(200).send();
  } catch (error) {
    const isTheirs = isFault(error) && (error.code === 'identity.refused' || error.code === 'request.not_found');
    log.warn({ why: whyOf(error) }, 'a provider’s logout token was not followed');
    const description = isTheirs ? error.message : 'try again in a moment';
    const code = isTheirs ? 'invalid_request' : 'temporarily_unavailable';
    return reply.code(isTheirs ? 400 : 503).send({ error: code, error_description: description });
  }
}

async function breakGlass({ breakGlass, web, log }: Parts, request: Form, reply: FastifyReply) {
  try {
    web.checkOwnPage(request);
    const { body, headers, ip } = request;
    const [key, reason] = [body?.get('key') ?? '', body?.get('reason') ?? ''];
    const device = deviceOf(headers['user-agent']);
    const secret = await breakGlass.use(key, reason, { device, address: ip });
    await web.replace(request, reply, secret);
    return reply.header('cache-control', 'no-store').redirect('/', 303);
  } catch (error) {
    if (!isFault(error)) log.error({ why: whyOf(error) }, 'break-glass failed');
    const sentence = isFault(error) ? error.message : 'Something went wrong on our side.';
    return show(
      reply,
      403,
      page({ title: 'The glass holds', sentence, links: [{ href: '/sign-in/break-glass', label: 'Back' }] }),
    );
  }
}

function breakGlassPage({ breakGlass }: Parts): string {
  if (!breakGlass.isThere) return page({ title: 'Break glass', sentence: 'No break-glass key is set up here.' });
  return page({
    title: 'Break glass',
    sentence: 'For an hour you administer without a provider. Everybody who watches hears of it.',
    form: {
      action: '/sign-in/break-glass',
      fields: [
        { name: 'key', label: 'The key from the safe', type: 'password' },
        { name: 'reason', label: 'Why', type: 'text' },
      ],
      button: 'Break the glass',
    },
  });
}

function show(reply: FastifyReply, status: number, html: string) {
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
