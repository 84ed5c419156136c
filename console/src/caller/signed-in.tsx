import type { Viewer } from '@fingerpost/contracts';
import { nameOf } from './caller.ts';
import { signOut } from './door.ts';

/** Who is signed in, with the way to the account and the way out. */
export const SignedIn = ({ person }: { person: Viewer }) => (
  <>
    <a href="/me" title="Your account">
      {nameOf(person)}
    </a>
    <button type="button" className="plain" onClick={() => signOut().catch(() => location.reload())}>
      Sign out
    </button>
  </>
);
