import type { SignIn } from '../credentials/credentials.ts';
import { send } from '../messages.ts';
import type { Profile } from '../profiles/profiles.ts';
import { comeBack, mayFollow, redirectFor } from './come-back.ts';

/**
 * The worker begins and finishes, this page only shows the way: the browser may stop the worker while a person signs in, and no token
 * ever comes here.
 */
export async function signInWithAccount({ id, gateway }: Profile): Promise<SignIn> {
  if (!(await mayFollow(gateway)))
    return signedOut('Without that permission this browser does not tell when you are back.');
  const redirect = redirectFor(gateway);
  const address = await send('sign-in.begin', { profile: id, redirect });
  if (address === undefined) return signedOut(`${gateway} does not answer as a gateway does. Is the address right?`);
  const back = await comeBack(address, redirect);
  if (back === undefined) return signedOut('The sign-in was not finished.');
  return await send('sign-in.finish', { profile: id, address: back });
}

const signedOut = (why: string): SignIn => ({ state: 'signed-out', why });
