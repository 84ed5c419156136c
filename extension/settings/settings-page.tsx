import { Gateways } from './gateways.tsx';
import { Looks } from './looks.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { Signpost } from './signpost.tsx';
import { Sites } from './sites.tsx';
import { useSettings } from './use-settings.ts';
import './settings.css';

export function SettingsPage() {
  const stored = useSettings();
  if (stored === undefined) return null;
  const { profiles, active, mayAdd, display, hidden } = stored;
  const sitesOf = display.isDemo ? 'the demo' : active?.id;
  return (
    <main>
      <header>
        <Signpost />
        <h1>Fingerpost</h1>
        <p>What your organisation knows about the page you are on</p>
      </header>
      <Gateways profiles={profiles} active={active} mayAdd={mayAdd} isDemo={display.isDemo} />
      {active && <SignInForm key={active.id} profile={active} />}
      {sitesOf !== undefined && <Sites key={`sites ${sitesOf}`} hidden={hidden} />}
      <Looks display={display} />
    </main>
  );
}
