import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { SignIn } from '../credentials/credentials.ts';
import type { Finding } from '../gateway/check-connection.ts';
import { send } from '../messages.ts';
import type { Profile } from '../profiles/profiles.ts';
import { Findings } from './findings.tsx';
import { signInWithAccount } from './sign-in-with-account.ts';

/** Who we are to the gateway, and whether it hears us. The token goes to the background worker and is never shown again. */
export function SignInForm({ profile }: { profile: Profile }) {
  const [signIn, setSignIn] = useState<SignIn>();
  const [findings, setFindings] = useState<Finding[] | 'checking'>();
  const { id } = profile;

  const check = useCallback(async () => {
    setFindings('checking');
    setFindings(await send('gateway.check', { profile: id }));
    setSignIn(await send('sign-in.read', { profile: id }));
  }, [id]);
  useEffect(() => {
    send('sign-in.read', { profile: id }).then(setSignIn);
  }, [id]);

  const paste = async (token: string) => {
    setSignIn(await send('sign-in.paste', { profile: id, token }));
    await check();
  };
  const signInByAccount = async () => {
    setFindings(undefined);
    const outcome = await signInWithAccount(profile);
    setSignIn(outcome);
    if (outcome.state === 'signed-in') await check();
  };
  if (signIn === undefined) return null;
  return (
    <section aria-labelledby="sign-in">
      <h2 id="sign-in">Sign-in</h2>
      {signIn.state === 'signed-in' ? (
        <div className="spread">
          <p>
            <span className="dot" data-fine /> Signed in {signIn.how}
          </p>
          <span className="buttons">
            <button type="button" onClick={check} disabled={findings === 'checking'}>
              Check connection
            </button>
            <button
              type="button"
              className="plain"
              onClick={async () => {
                setFindings(undefined);
                setSignIn(await send('sign-in.out', { profile: id }));
              }}
            >
              Sign out
            </button>
          </span>
        </div>
      ) : (
        <SignedOut why={signIn.why} onAccount={signInByAccount} onPaste={paste} />
      )}
      {findings && <Findings findings={findings} />}
    </section>
  );
}

interface SignedOutProps {
  why?: string;
  onAccount(): Promise<void>;
  onPaste(token: string): Promise<void>;
}

function SignedOut({ why, onAccount, onPaste }: SignedOutProps) {
  const [isBusy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    await onAccount().finally(() => setBusy(false));
  };
  return (
    <>
      <button type="button" className="main" onClick={begin} disabled={isBusy}>
        Sign in with your company account
      </button>
      {why && (
        <p className="fault" role="alert">
          {why}
        </p>
      )}
      <details>
        <summary>Use an API token</summary>
        <PasteToken onPaste={onPaste} />
      </details>
    </>
  );
}

function PasteToken({ onPaste }: Pick<SignedOutProps, 'onPaste'>) {
  const [typed, setTyped] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await onPaste(typed);
    setTyped('');
  };
  return (
    <form onSubmit={submit}>
      <label className="field">
        API token
        <input
          type="password"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </label>
      <button type="submit">Use it</button>
    </form>
  );
}
