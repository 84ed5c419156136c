import { readPage } from '@fingerpost/sites';
import { useEffect, useMemo, useState } from 'react';
import { examples } from './address/examples.ts';
import { CameBack } from './answer/came-back.tsx';
import { Sent } from './answer/sent.tsx';
import { useAnswer } from './answer/use-answer.ts';
import { Entrance } from './caller/entrance.tsx';
import { SignedIn } from './caller/signed-in.tsx';
import { useCaller } from './caller/use-caller.ts';
import { Catalogue } from './catalogue/catalogue.tsx';
import { useCatalogue } from './catalogue/use-catalogue.ts';
import { Header } from './header.tsx';
import { useTheme } from './theme/theme.tsx';
import { BrowserWindow } from './window/browser-window.tsx';
import { DrawnPage } from './window/drawn-page.tsx';
import { ShadowBar } from './window/shadow-bar.tsx';

/** The try page: a page's address in, the bar as it would look there out. */
export function App() {
  const { theme, setTheme } = useTheme();
  const { caller, door, wasRefused, onRefused, onToken } = useCaller();

  const [address, setAddress] = useState(() => new URL(examples[0].address));
  const context = useMemo(() => readPage({ url: address }).context, [address]);
  const { asked, ask, retry } = useAnswer(caller, onRefused);
  const { catalogue, problem } = useCatalogue(caller, onRefused);
  useEffect(() => ask(context), [ask, context]);

  const isNobody = door !== undefined && caller === undefined;
  const canSignIn = door !== undefined && door.providers.length > 0;

  return (
    <>
      <Header sentence="What your organisation knows about the page you are on" theme={theme} onTheme={setTheme}>
        {caller && 'person' in caller && <SignedIn person={caller.person} />}
        {caller && 'token' in caller && <WithToken canSignIn={canSignIn} onForget={() => onToken(undefined)} />}
      </Header>
      <main>
        {isNobody && <Entrance canSignIn={canSignIn} wasRefused={wasRefused} onToken={onToken} />}
        <BrowserWindow address={address} onAddress={setAddress}>
          {caller && <ShadowBar state={asked.bar} problem={asked.problem} theme={theme} onRetry={retry} />}
          <DrawnPage address={address} />
        </BrowserWindow>
        <div className="pair">
          <Sent context={context} canSend={caller !== undefined} onSend={ask} />
          <CameBack asked={asked} caller={caller} />
        </div>
        {caller && <Catalogue catalogue={catalogue} problem={problem} />}
      </main>
    </>
  );
}

const WithToken = ({ canSignIn, onForget }: { canSignIn: boolean; onForget(): void }) => (
  <>
    {canSignIn && <a href="/sign-in?return_to=/">Sign in</a>}
    <button type="button" className="plain" onClick={onForget} title="Remove the token from this tab">
      Forget token
    </button>
  </>
);
