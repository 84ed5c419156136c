import { GatewayProblem } from '@fingerpost/bar';
import type { Profile } from '../profiles/profiles.ts';
import type { SiteSettings } from './site-settings.ts';

/** One line of the check: what was seen, and what to do where it is not as it should be. */
export interface Finding {
  isFine: boolean;
  said: string;
  next?: string;
}

export interface CheckParts {
  token(): Promise<string | undefined>;
  /** @throws GatewayProblem */
  sites(token: string): Promise<SiteSettings>;
  knock(gateway: string): Promise<{ status: number }>;
}

/** From the outside in; stops at the first thing that is wrong, because what follows would be wrong too. */
export async function checkConnection({ gateway }: Profile, parts: CheckParts): Promise<Finding[]> {
  const answer = await parts.knock(gateway).catch(() => undefined);
  if (answer === undefined)
    return [
      bad(
        `Nobody answers at ${gateway}.`,
        'Is the address right? Does the page open in a tab? Some gateways need the company’s network or VPN; a certificate that the browser does not trust looks the same.',
      ),
    ];
  if (answer.status === 404)
    return [bad(`${gateway} answers, and is no Fingerpost gateway.`, 'Ask your platform team for the address.')];
  const reached = fine(`${gateway} answers.`);

  const token = await parts.token().catch(() => undefined);
  if (token === undefined) return [reached, bad('You are signed out.', 'Sign in below.')];
  try {
    const { adapters } = await parts.sites(token);
    const on = adapters.filter(({ enabled }) => enabled).map(({ name }) => name);
    return [reached, fine('It knows your token.'), on.length > 0 ? fine(`It serves ${on.join(', ')}.`) : NO_SITES];
  } catch (error) {
    return [reached, problemFinding(error)];
  }
}

function problemFinding(error: unknown): Finding {
  const { status, title } = error instanceof GatewayProblem ? error : { status: 0, title: String(error) };
  if (status === 401)
    return bad(
      'It does not know your token.',
      'Sign in again. API tokens are handed out by your platform team, or see the file "token" in the gateway’s data folder.',
    );
  if (status === 429) return bad('It has had too many questions from you.', 'Wait a minute and check again.');
  if (status >= 500)
    return bad(`It is there, and not well: ${title}.`, 'Try again in a while, or tell your platform team.');
  return bad(
    `It did not say which sites it serves: ${title}.`,
    'Is there a proxy in between that answers in its stead?',
  );
}

const NO_SITES: Finding = {
  isFine: false,
  said: 'It serves no site.',
  next: 'Its setting FINGERPOST_SITES names none.',
};
const fine = (said: string): Finding => ({ isFine: true, said });
const bad = (said: string, next: string): Finding => ({ isFine: false, said, next });
