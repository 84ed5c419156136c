import { useState } from 'react';
import type { ApiToken } from '../account/account.ts';
import { Card } from '../account/card.tsx';
import { NumberedPager } from '../list/pager.tsx';
import { usePart } from '../list/use-part.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useChange } from '../reading/use-change.ts';
import { MadeToken } from './made-token.tsx';
import { MakeToken, type WantedToken } from './make-token.tsx';
import { TokenRow } from './token-row.tsx';
import './tokens.css';

interface MyTokensProps {
  tokens: ApiToken[];
  /** what I may do: a token may do no more */
  roles: string[];
  onChange(): void;
}

export function MyTokens({ tokens, roles, onChange }: MyTokensProps) {
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<{ name: string; token: string }>();
  const { change, problem } = useChange(onChange);

  const make = async (wanted: WantedToken) => {
    const reply = await change('POST', '/account/tokens', wanted);
    if (reply === undefined) return;
    setMade(await reply.json());
    setMaking(false);
  };
  const revoke = (id: string) => {
    document.getElementById('my-tokens')?.focus();
    change('DELETE', `/account/tokens/${id}`);
  };
  const { rows, ...pages } = usePart(tokens);
  const isBusy = isMaking || made !== undefined;
  const begin = (
    <button type="button" onClick={() => setMaking(true)}>
      New token
    </button>
  );

  return (
    <Card id="my-tokens" title="API tokens" aside={!isBusy && begin}>
      {problem && <ProblemNote problem={problem} />}
      {isMaking && <MakeToken roles={roles} onMake={make} onCancel={() => setMaking(false)} />}
      {made && <MadeToken {...made} onDone={() => setMade(undefined)} />}
      {tokens.length === 0 && !isBusy && (
        <p className="empty">None. A script or a pipeline that asks the gateway needs one.</p>
      )}
      <ul className="rows">
        {rows.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => revoke(token.id)} />
        ))}
      </ul>
      <NumberedPager label="Pages of your tokens" {...pages} />
    </Card>
  );
}
