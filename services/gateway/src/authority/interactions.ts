import { Fault } from '@fingerpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import type { IdentityAudit } from '../identity/audit/identity-audit.ts';
import type { Session } from '../identity/session/session.ts';
import type { Sessions } from '../identity/session/sessions.ts';
import { signInPath, type WebSessions } from '../identity/session/web-session.ts';
import { COMMAND_LINE } from './clients.ts';
import { grantOf } from './grants.ts';
import { confirmProgramPage, problemPage } from './pages/pages.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/**
 * Who is it that a program asks for? Whoever is signed in in this browser. The extension is known by the address that it comes back to,
 * and a device by the code that its person has confirmed; a program that listens on this machine may be anybody's, so there its person is asked.
 */
export class Interactions {
  constructor(
    private readonly provider: Provider,
    private readonly sessions: Sessions,
    private readonly web: WebSessions,
    private readonly audit: Pick<IdentityAudit, 'tell'>,
  ) {}

  async show(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const interaction = await this.interactionOf(request, reply);
    if (interaction === undefined) return gone(reply);
    const session = await this.web.of(request);
    if (session === undefined) return reply.redirect(signInPath(request.url), 303);
    if (!mustAsk(interaction)) return this.finish(interaction, session, request, reply);
    const { name, email, subject } = session.person;
    return reply.type(HTML).send(confirmProgramPage('The command line', name ?? email ?? subject, request.url));
  }

  /** @throws Fault `request.forbidden` when it is no page of ours that sends the answer */
  async answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const interaction = await this.interactionOf(request, reply);
    if (interaction === undefined) return gone(reply);
    const session = await this.web.of(request);
    if (session === undefined) return reply.redirect(signInPath(request.url), 303);
    if ((await readForm(request)).get('answer') === 'yes') return this.finish(interaction, session, request, reply);
    const refusal = { error: 'access_denied', error_description: 'The person said no.' };
    return reply.redirect(await this.provider.interactionResult(request.raw, reply.raw, refusal), 303);
  }

  private async finish(interaction: Interaction, web: Session, request: FastifyRequest, reply: FastifyReply) {
    if (web.isBreakGlass)
      throw new Fault('request.forbidden', 'A session that was opened in an emergency signs no programs in.');
    const clientId = String(interaction.params.client_id);
    const device = `${clientId === COMMAND_LINE ? 'Command line' : 'Extension'}, ${web.device}`;
    const session = await this.sessions.openBeside(web, device);
    const { subject: actor } = web.person;
    this.audit.tell({ actor, action: 'session.opened', target: `session:${session.id}`, detail: { device } });
    const result = {
      login: { accountId: session.id, remember: false },
      consent: { grantId: grantOf(session.id, clientId) },
    };
    return reply.redirect(await this.provider.interactionResult(request.raw, reply.raw, result), 303);
  }

  /** By the cookie that was set when it began: whoever has only its address is not in it. */
  private async interactionOf(request: FastifyRequest, reply: FastifyReply): Promise<Interaction | undefined> {
    try {
      const interaction = await this.provider.interactionDetails(request.raw, reply.raw);
      return interaction.uid === (request.params as { uid: string }).uid ? interaction : undefined;
    } catch (error) {
      if ((error as Error).name === 'SessionNotFound') return undefined;
      throw error;
    }
  }
}

const HTML = 'text/html; charset=utf-8';

/** A device's person has been asked already, by its code. */
const mustAsk = ({ params, deviceCode }: Interaction): boolean =>
  params.client_id === COMMAND_LINE && deviceCode === undefined;

const gone = (reply: FastifyReply) =>
  reply.code(400).type(HTML).send(problemPage('invalid_request', 'This sign-in has been over for a while.'));

async function readForm({ raw }: FastifyRequest): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of raw) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) throw new Fault('request.too_large', 'The form is too large.');
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

const MOST_BYTES = 1_000;
