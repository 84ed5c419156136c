import { Fault } from '@fingerpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieIn, setCookie } from './cookies.ts';
import { LONGEST_MS, type Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/**
 * Sessions of browsers, in a cookie that no script can read. Browsers send it along with whatever a page of another origin has them ask,
 * so it counts for a change only where the browser says that a page of our own asks.
 */
export class WebSessions {
  readonly isSecure: boolean;
  private readonly name: string;

  /** @param origin where browsers reach this: `https://fingerpost.acme.dev` */
  constructor(
    private readonly sessions: Sessions,
    private readonly origin: string,
  ) {
    this.isSecure = origin.startsWith('https:');
    this.name = this.isSecure ? '__Host-fingerpost' : 'fingerpost';
  }

  /** @throws Fault `request.forbidden` where a page of another origin has the browser ask for a change */
  async of(request: FastifyRequest): Promise<Session | undefined> {
    const secret = cookieIn(request, this.name);
    const session = secret === undefined ? undefined : await this.sessions.of(secret);
    if (session !== undefined && !SAFE.includes(request.method)) this.checkOwnPage(request);
    return session;
  }

  /** A new session in place of the one that the browser had, if any: whoever knew that one knows nothing now. */
  async replace(request: FastifyRequest, reply: FastifyReply, secret: string): Promise<void> {
    const before = cookieIn(request, this.name);
    if (before !== undefined) await this.sessions.endOf(before);
    this.put(reply, secret, LONGEST_MS / 1_000);
  }

  clear(reply: FastifyReply): void {
    this.put(reply, '', 0);
  }

  private put(reply: FastifyReply, value: string, maxAgeSeconds: number): void {
    setCookie(reply, { name: this.name, value, isSecure: this.isSecure, maxAgeSeconds });
  }

  /** Every browser says whose page asks for a change; one that does not is refused. @throws Fault `request.forbidden` */
  checkOwnPage({ headers }: Pick<FastifyRequest, 'headers'>): void {
    const site = headers['sec-fetch-site'];
    if (site === undefined ? headers.origin === this.origin : site === 'same-origin') return;
    throw new Fault('request.forbidden', 'Pages of other origins may change nothing here.');
  }
}

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** Where a browser goes to sign in; afterwards it comes back to `returnTo`, a path of ours. */
export const signInPath = (returnTo: string): string => `/sign-in?return_to=${encodeURIComponent(returnTo)}`;
