import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Cookie {
  name: string;
  value: string;
  isSecure: boolean;
  /** absent: until the browser is closed; 0 takes it away */
  maxAgeSeconds?: number;
}

/** Out of reach for scripts, for this host alone, and not sent along with what pages of other sites ask for. */
export function setCookie(reply: FastifyReply, { name, value, isSecure, maxAgeSeconds }: Cookie): void {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  reply.header('set-cookie', `${name}=${value}${age}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`);
}

/** Of several with one name, none: somebody has put one there. */
export function cookieIn({ headers }: FastifyRequest, name: string): string | undefined {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}
