import type { OwnedToken } from '../account/account.ts';
import { PagedCard } from '../list/paged-card.tsx';
import { usePaged } from '../list/use-paged.ts';
import { useChange } from '../reading/use-change.ts';
import { TokenRow } from './token-row.tsx';

/** Every API token that somebody has made. */
export function AllTokens() {
  const list = usePaged<OwnedToken>('/admin/tokens');
  const { change, problem } = useChange(list.look);
  const revoke = (id: string) => {
    document.getElementById('all-tokens')?.focus();
    change('DELETE', `/admin/tokens/${id}`);
  };
  return (
    <PagedCard
      id="all-tokens"
      title="API tokens of everybody"
      list={list}
      refusal={problem}
      placeholder="Name, owner or role"
      empty="Nobody has made one."
    >
      {(token) => <TokenRow key={token.id} token={token} owner={token.ownerName} onRevoke={() => revoke(token.id)} />}
    </PagedCard>
  );
}
