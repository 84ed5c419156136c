import { type FormEvent, useState } from 'react';
import { send } from '../messages.ts';
import { gatewayFrom, type Profile, type ProfileList } from '../profiles/profiles.ts';
import { displaySettings, profiles as stored, useShown } from './use-settings.ts';

/** Which gateway is asked. */
export function Gateways({ profiles, active, mayAdd, isDemo }: ProfileList & { isDemo: boolean }) {
  const [isAdding, setAdding] = useState(false);
  const [activeId, showActive] = useShown(active?.id);
  const activate = (id: string) => {
    showActive(id);
    stored.activate(id);
  };
  return (
    <section aria-labelledby="gateway">
      <h2 id="gateway">Gateway</h2>
      {profiles.length === 0 && (
        <p className="lead">
          Fingerpost asks your company’s gateway about the pages you visit. Your platform team has its address.
        </p>
      )}
      <ul className="list">
        {profiles.map((profile) => (
          <GatewayRow
            key={profile.id}
            profile={profile}
            isActive={profile.id === activeId}
            onActivate={() => activate(profile.id)}
          />
        ))}
      </ul>
      {mayAdd &&
        (isAdding || profiles.length === 0 ? (
          <AddGateway onDone={() => setAdding(false)} />
        ) : (
          <button type="button" className="plain" onClick={() => setAdding(true)}>
            Add another gateway
          </button>
        ))}
      {profiles.length === 0 && (
        <p className="lead">
          {isDemo ? (
            'Demo: answers are made up here. Switch it off below.'
          ) : (
            <button type="button" className="plain" onClick={() => displaySettings.change({ isDemo: true })}>
              Look around without one
            </button>
          )}
        </p>
      )}
    </section>
  );
}

interface GatewayRowProps {
  profile: Profile;
  isActive: boolean;
  onActivate(): void;
}

function GatewayRow({ profile, isActive, onActivate }: GatewayRowProps) {
  const { id, name, gateway, isManaged } = profile;
  return (
    <li>
      <label>
        <input type="radio" name="gateway" checked={isActive} onChange={onActivate} />
        <span>
          {name} <small>{gateway.replace('https://', '')}</small>
        </span>
      </label>
      {isManaged ? (
        <small>preset by your company</small>
      ) : (
        <button
          type="button"
          className="plain"
          onClick={() => send('profiles.remove', { profile: id })}
          aria-label={`Remove ${name}`}
        >
          Remove
        </button>
      )}
    </li>
  );
}

function AddGateway({ onDone }: { onDone(): void }) {
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const gateway = gatewayFrom(typed);
    if ('fault' in gateway) return setFault(gateway.fault);
    await stored.add(new URL(gateway.origin).hostname, gateway.origin);
    onDone();
  };
  return (
    <form onSubmit={add} noValidate>
      <label className="field">
        Address of the gateway
        <input
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setFault(undefined);
          }}
          placeholder="https://fingerpost.acme.dev"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={fault !== undefined}
          aria-describedby={fault && 'gateway-fault'}
        />
      </label>
      <button type="submit" className="main">
        Add
      </button>
      {fault && (
        <p id="gateway-fault" className="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}
