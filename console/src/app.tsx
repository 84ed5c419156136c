import { readPage } from '@fingerpost/sites';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { examples } from './address/examples.ts';
import { CameBack } from './answer/came-back.tsx';
import { Sent } from './answer/sent.tsx';
import { useAnswer } from './answer/use-answer.ts';
import { Catalogue } from './catalogue/catalogue.tsx';
import { useCatalogue } from './catalogue/use-catalogue.ts';
import { Header } from './header.tsx';
import { useTheme } from './theme/theme.tsx';
import { useToken } from './token/token.ts';
import { TokenForm } from './token/token-form.tsx';
import { BrowserWindow } from './window/browser-window.tsx';
import { DrawnPage } from './window/drawn-page.tsx';
import { ShadowBar } from './window/shadow-bar.tsx';

/** The try page: a page's address in, the bar as it would look there out. */
export function App() {
  const { theme, setTheme } = useTheme();
  const { token, keep } = useToken();
  const [wasRefused, setRefused] = useState(false);
  const onRefused = useCallback(() => {
    setRefused(true);
    keep(undefined);
  }, [keep]);

  const [address, setAddress] = useState(() => new URL(examples[0].address));
  const context = useMemo(() => readPage({ url: address }).context, [address]);
  const { asked, ask, retry } = useAnswer(token, onRefused);
  const { catalogue, problem } = useCatalogue(token, onRefused);
  useEffect(() => ask(context), [ask, context]);

  const onToken = (next: string) => {
    setRefused(false);
    keep(next);
  };

  return (
    <>
      <Header theme={theme} onTheme={setTheme} onForget={token === undefined ? undefined : () => keep(undefined)} />
      <main>
        {token === undefined && <TokenForm wasRefused={wasRefused} onToken={onToken} />}
        <BrowserWindow address={address} onAddress={setAddress}>
          {token !== undefined && <ShadowBar state={asked.bar} problem={asked.problem} theme={theme} onRetry={retry} />}
          <DrawnPage address={address} />
        </BrowserWindow>
        <div className="pair">
          <Sent context={context} canSend={token !== undefined} onSend={ask} />
          <CameBack asked={asked} token={token} />
        </div>
        {token !== undefined && <Catalogue catalogue={catalogue} problem={problem} />}
      </main>
    </>
  );
}
