import type { ApiToken, NameOf } from '../account/account.ts';
import { Card } from '../account/card.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useChange } from '../reading/use-change.ts';
import { useRead } from '../reading/use-read.ts';
import { TokenRow } from './token-row.tsx';

/** Every API token that somebody has made. */
export function AllTokens({ nameOf }: { nameOf: NameOf }) {
  const { value: tokens, problem, look } = useRead<ApiToken[]>('/admin/tokens');
  const { change, problem: refusal } = useChange(look);
  const note = refusal ?? problem;
  const revoke = (id: string) => {
    document.getElementById('all-tokens')?.focus();
    change('DELETE', `/admin/tokens/${id}`);
  };
  return (
    <Card id="all-tokens" title="API tokens of everybody" aside={tokens && `${tokens.length}`}>
      {note && <ProblemNote problem={note} />}
      {tokens?.length === 0 && <p className="empty">Nobody has made one.</p>}
      <ul className="rows">
        {tokens?.map((token) => (
          <TokenRow key={token.id} token={token} owner={nameOf(token.owner)} onRevoke={() => revoke(token.id)} />
        ))}
      </ul>
    </Card>
  );
}
