import { type FormEvent, useState } from 'react';

export function TokenForm({ wasRefused, onToken }: { wasRefused: boolean; onToken(token: string): void }) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') onToken(typed.trim());
  };
  return (
    <form className="card token" onSubmit={submit}>
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
        <button type="submit" className="primary">
          Use it
        </button>
      </div>
    </form>
  );
}
