import { useState } from 'react';

interface MadeTokenProps {
  name: string;
  token: string;
  onDone(): void;
}

/** The token itself, this once: the gateway keeps no more than its hash. */
export function MadeToken({ name, token, onDone }: MadeTokenProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(token).then(
      () => setCopied(true),
      () => {}, // refused, or no clipboard: it is there to be selected
    );
  return (
    <div className="made-token">
      <label htmlFor="made-token">
        <b>Copy the token “{name}” now.</b> It is shown this once.
      </label>
      <div className="field">
        <input
          id="made-token"
          value={token}
          readOnly
          spellCheck={false}
          onFocus={(event) => event.target.select()}
          ref={focusOnce}
        />
        <button type="button" className="primary" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" onClick={onDone}>
          Done
        </button>
      </div>
      <span className="unseen" role="status">
        {isCopied && 'The token is in the clipboard.'}
      </span>
    </div>
  );
}

const focusOnce = (field: HTMLInputElement | null) => field?.focus();
