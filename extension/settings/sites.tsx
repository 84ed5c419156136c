import { useCallback, useEffect, useState } from 'react';
import { browser } from 'wxt/browser';
import { ACCOUNT } from '../credentials/account.ts';
import { TOKEN } from '../credentials/pasted-token.ts';
import { send } from '../messages.ts';
import { ACTIVE } from '../profiles/profiles.ts';
import type { ProviderView } from '../providers/providers.ts';
import { displaySettings } from './use-settings.ts';

/** Where the bar may be. Each site is the browser's to grant, one by one; nothing is granted by installing. */
export function Sites({ hidden }: { hidden: string[] }) {
  const [providers, setProviders] = useState<ProviderView[]>();
  const read = useCallback(() => send('providers.read', {}).then(setProviders), []);
  useEffect(() => {
    read();
    const { onAdded, onRemoved } = browser.permissions;
    const { onChanged } = browser.storage.local; // signed in meanwhile
    for (const event of [onAdded, onRemoved]) event.addListener(read);
    const onStored = (changes: object) => {
      if (Object.keys(changes).some((key) => key.startsWith(TOKEN) || key.startsWith(ACCOUNT) || key === ACTIVE))
        read();
    };
    onChanged.addListener(onStored);
    return () => {
      for (const event of [onAdded, onRemoved]) event.removeListener(read);
      onChanged.removeListener(onStored);
    };
  }, [read]);
  if (providers === undefined || (providers.length === 0 && hidden.length === 0)) return null;
  return (
    <section aria-labelledby="sites">
      <h2 id="sites">Sites</h2>
      <ul className="list">
        {providers.map((provider) => (
          <li key={provider.name}>
            <span>
              {TITLES[provider.name] ?? provider.name} <small>{provider.description}</small>
            </span>
            <SiteSwitch provider={provider} />
          </li>
        ))}
        {hidden.map((origin) => (
          <li key={origin}>
            <span>
              {new URL(origin).hostname} <small>hidden there</small>
            </span>
            <button type="button" onClick={() => displaySettings.show(origin)}>
              Show again
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// The browser asks the person; it insists on being asked by a press, so nothing is awaited before.
function SiteSwitch({ provider: { name, origins, isGranted } }: { provider: ProviderView }) {
  return isGranted ? (
    <button
      type="button"
      className="plain"
      onClick={() => browser.permissions.remove({ origins })}
      aria-label={`Switch off ${name}`}
    >
      Switch off
    </button>
  ) : (
    <button type="button" onClick={() => browser.permissions.request({ origins })} aria-label={`Switch on ${name}`}>
      Switch on
    </button>
  );
}

const TITLES: Record<string, string | undefined> = { github: 'GitHub', aws: 'AWS console', gitlab: 'GitLab' };
