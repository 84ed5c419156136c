import { type FormEvent, useState } from 'react';
import { signInAt } from './door.ts';

interface EntranceProps {
  canSignIn: boolean;
  wasRefused: boolean;
  onToken(token: string): void;
}

/** What a page shows while it does not know who asks. */
export function Entrance({ canSignIn, wasRefused, onToken }: EntranceProps) {
  return (
    <section className="card entrance" aria-label="Who is it?">
      {canSignIn && (
        <div>
          <h2>Sign in with your company account</h2>
          <p>The bar then shows what you may see.</p>
          <a className="button primary" href={signInAt(location.pathname)}>
            Sign in
          </a>
        </div>
      )}
      <TokenForm wasRefused={wasRefused} onToken={onToken} />
    </section>
  );
}

function TokenForm({ wasRefused, onToken }: Omit<EntranceProps, 'canSignIn'>) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') onToken(typed.trim());
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor="token">
        {wasRefused ? 'The gateway refused that token. Paste it again' : 'Paste the API token'}
      </label>
      <p id="token-hint">
        It is in the file <code>data/token</code>, made when the gateway first started. It stays in this tab.
      </p>
      <div className="field">
        <input
          id="token"
          type="password"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          aria-describedby="token-hint"
          aria-invalid={wasRefused}
          autoComplete="off"
          spellCheck={false}
          placeholder="fp_…"
        />
        <button type="submit">Use it</button>
      </div>
    </form>
  );
}
