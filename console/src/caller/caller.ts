import type { Viewer } from '@fingerpost/contracts';

/** Who asks the gateway: somebody who is signed in, known by a cookie that no script sees, or whoever has a token. */
export type Caller = { person: Viewer } | { token: string };

export const tokenOf = (caller: Caller): string | undefined => ('token' in caller ? caller.token : undefined);

export const headersOf = (caller: Caller): Record<string, string> =>
  'token' in caller ? { authorization: `Bearer ${caller.token}` } : {};

export const nameOf = ({ email, subject }: Viewer): string => email ?? subject;
