import { useEffect, useState } from 'react';
import { browser } from 'wxt/browser';
import { Signpost } from './signpost.tsx';
import { displaySettings, useSettings } from './use-settings.ts';
import './settings.css';

/** Behind the icon in the browser's toolbar: the state of things in a line, and the page at hand. */
export function Popup() {
  const stored = useSettings();
  const origin = useOriginHere();
  if (stored === undefined) return null;
  const { active, display, hidden } = stored;
  const isHidden = origin !== undefined && hidden.includes(origin);
  return (
    <main>
      <header>
        <Signpost />
        <h1>Fingerpost</h1>
      </header>
      <p>{display.isDemo ? 'Demo: answers are made up.' : active ? `Asks ${active.name}.` : 'No gateway yet.'}</p>
      {origin !== undefined && (
        <button type="button" onClick={() => (isHidden ? displaySettings.show(origin) : displaySettings.hide(origin))}>
          {isHidden ? 'Show' : 'Hide'} the bar on {new URL(origin).hostname}
        </button>
      )}
      <button
        type="button"
        className="main"
        onClick={async () => {
          await browser.runtime.openOptionsPage();
          window.close();
        }}
      >
        Settings
      </button>
    </main>
  );
}

/** Of the tab at hand, where we may know it: only on sites that were switched on. */
function useOriginHere(): string | undefined {
  const [origin, setOrigin] = useState<string>();
  useEffect(() => {
    browser.tabs.query({ active: true, currentWindow: true }).then(([tab]) => {
      const url = URL.parse(tab?.url ?? '');
      if (url?.protocol === 'https:') setOrigin(url.origin);
    });
  }, []);
  return origin;
}
