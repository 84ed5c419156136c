import { signInAt } from '../caller/door.ts';

export const NotSignedIn = ({ wasSignedIn }: { wasSignedIn: boolean }) => (
  <section className="card not-signed-in" aria-labelledby="not-signed-in" role="alert">
    <h2 id="not-signed-in">{wasSignedIn ? 'You have been signed out' : 'You are not signed in'}</h2>
    <p>{wasSignedIn ? 'This session has ended.' : 'Your account is shown to you alone.'}</p>
    <a className="button primary" href={signInAt('/me')}>
      Sign in
    </a>
  </section>
);
