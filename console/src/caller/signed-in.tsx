import type { Viewer } from '@fingerpost/contracts';
import { nameOf } from './caller.ts';
import { signOut } from './door.ts';

/** Who is signed in, with the way to the account and the way out. */
export const SignedIn = ({ person }: { person: Viewer }) => (
  <>
    <a href="/me" title="Your account">
      {nameOf(person)}
    </a>
    <SignOut />
  </>
);

export const SignOut = ({ isButton = false }: { isButton?: boolean }) => (
  <button
    type="button"
    className={isButton ? undefined : 'plain'}
    onClick={() => signOut().catch(() => location.reload())}
  >
    Sign out
  </button>
);
