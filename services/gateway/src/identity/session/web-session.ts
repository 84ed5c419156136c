import { Fault } from '@fingerpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/**
 * Sessions of browsers, in a cookie that no script can read. Browsers send it along with whatever a page of another origin has them ask,
 * so it counts for a change only where the browser says that a page of our own asks (`checkOwnPage`).
 */
export class WebSessions {
  private readonly name: string;
  private readonly attributes: string;

  /** @param origin where browsers reach this: `https://fingerpost.acme.dev` */
  constructor(
    private readonly sessions: Sessions,
    private readonly origin: string,
  ) {
    const isSecure = origin.startsWith('https:');
    this.name = isSecure ? '__Host-fingerpost' : 'fingerpost';
    this.attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** @throws Fault `request.forbidden` where a page of another origin has the browser ask for a change */
  async of(request: FastifyRequest): Promise<Session | undefined> {
    const secret = cookieIn(request, this.name);
    const session = secret === undefined ? undefined : await this.sessions.of(secret);
    if (session !== undefined && !SAFE.includes(request.method)) this.checkOwnPage(request);
    return session;
  }

  set(reply: FastifyReply, secret: string): void {
    reply.header('set-cookie', `${this.name}=${secret}; ${this.attributes}`);
  }

  clear(reply: FastifyReply): void {
    reply.header('set-cookie', `${this.name}=; Max-Age=0; ${this.attributes}`);
  }

  /** Every browser says whose page asks for a change; one that does not is refused. */
  private checkOwnPage({ headers }: FastifyRequest): void {
    const site = headers['sec-fetch-site'];
    if (site === undefined ? headers.origin === this.origin : site === 'same-origin') return;
    throw new Fault('request.forbidden', 'Pages of other origins may change nothing here.');
  }
}

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** Of several with one name, none: somebody has put one there. */
export function cookieIn({ headers }: FastifyRequest, name: string): string | undefined {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}

/** Where a browser goes to sign in; afterwards it comes back to `returnTo`, a path of ours. */
export const signInPath = (returnTo: string): string => `/sign-in?return_to=${encodeURIComponent(returnTo)}`;
