import { Icon } from '@fingerpost/bar';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { addressFrom } from '../address/address-from.ts';
import { examples } from '../address/examples.ts';
import './window.css';

interface BrowserWindowProps {
  address: URL;
  onAddress(address: URL): void;
  children: ReactNode;
}

/** A browser of lines: examples as its tabs, an address field that works, and the page below. */
export function BrowserWindow({ address, onAddress, children }: BrowserWindowProps) {
  const [typed, setTyped] = useState(address.href);
  const [isWrong, setWrong] = useState(false);
  useEffect(() => {
    setTyped(address.href);
    setWrong(false);
  }, [address]);

  const go = (event: FormEvent) => {
    event.preventDefault();
    const next = addressFrom(typed);
    setWrong(next === undefined);
    if (next !== undefined) onAddress(next);
  };

  return (
    <section className="browser" aria-label="A page with the bar on it">
      <div className="tabs">
        <span className="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <fieldset>
          <legend className="unseen">Examples</legend>
          {examples.map((example) => (
            <button
              key={example.name}
              type="button"
              aria-pressed={example.address === address.href}
              onClick={() => onAddress(new URL(example.address))}
            >
              <Icon name={example.icon} />
              {example.name}
            </button>
          ))}
        </fieldset>
      </div>
      <form className="address" onSubmit={go}>
        <button type="submit" className="reload" title="Ask again" aria-label="Ask again">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3" />
          </svg>
        </button>
        <div className="pill" data-wrong={isWrong || undefined}>
          <Icon name="lock" />
          <input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onFocus={(event) => event.target.select()}
            aria-label="Address of a page"
            aria-invalid={isWrong}
            aria-describedby={isWrong ? 'address-fault' : undefined}
            placeholder="Paste the address of a page, then press Enter"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
          />
          <span className="hint" aria-hidden="true">
            Enter
          </span>
        </div>
      </form>
      {isWrong && (
        <p id="address-fault" className="fault" role="alert">
          That is no web address. It should look like https://github.com/acme/webshop
        </p>
      )}
      <div className="page">{children}</div>
    </section>
  );
}
