import * as oauth from 'openid-client';
import { type Authority, SCOPE, tokensFrom } from './authority.ts';
import type { Tokens } from './credentials.ts';

/** By a browser on any machine, where the code is typed that is shown here (RFC 8628). */
export async function signInByDevice(authority: Authority, say: (line: string) => void): Promise<Tokens> {
  const asked = await oauth.initiateDeviceAuthorization(authority, { scope: SCOPE });
  say(
    `Open this in a browser, on any machine:\n\n  ${asked.verification_uri}\n\nand type this code: ${asked.user_code}\n`,
  );
  return tokensFrom(await oauth.pollDeviceAuthorizationGrant(authority, asked));
}
