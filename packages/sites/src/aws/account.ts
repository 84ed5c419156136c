import type { Part } from '../site.ts';

/** The account's number, and nothing else of what the console keeps about its session. */
export const account: Part = {
  name: 'aws.account',
  runsOn: () => true,
  read(look) {
    const session = look.find('the session of the console', 'meta[name="awsc-session-data"]')?.getAttribute('content');
    const accountId = /"accountId"\s*:\s*"(\d{12})"/.exec(session ?? '')?.[1];
    return accountId === undefined ? undefined : { global: { accountId } };
  },
};
