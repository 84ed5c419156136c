import type { Look } from '../look.ts';
import type { Part } from '../site.ts';

const SESSION = 'meta[name="awsc-session-data"]';
const accountIn = (session: string | null | undefined) => /"accountId"\s*:\s*"(\d{12})"/.exec(session ?? '')?.[1];

/** The account that the console has open, where the page says it. */
export const accountOf = (look: Look): string | undefined => accountIn(look.glimpse(SESSION)?.getAttribute('content'));

/** The account's number, and nothing else of what the console keeps about its session. */
export const account: Part = {
  name: 'aws.account',
  runsOn: () => true,
  read(look) {
    const accountId = accountIn(look.find('the session of the console', SESSION)?.getAttribute('content'));
    return accountId === undefined ? undefined : { global: { accountId } };
  },
};
