import type { ApiToken } from '../account/account.ts';
import { SureButton } from '../account/sure-button.tsx';
import { When } from '../account/when.tsx';
import { Words } from '../account/words.tsx';

interface TokenRowProps {
  token: ApiToken;
  /** where that is not clear */
  owner?: string;
  onRevoke(): void;
}

export const TokenRow = ({ token, owner, onRevoke }: TokenRowProps) => (
  <li>
    <div className="name">
      <b>{token.name}</b>
      {owner !== undefined && <p className="quiet">{owner}</p>}
    </div>
    <div className="about">
      <Words words={token.roles} />
      <p className="quiet">
        {token.lastUsedAt === undefined ? (
          'Never used'
        ) : (
          <>
            Used <When at={token.lastUsedAt} />
          </>
        )}
        , made <When at={token.createdAt} />; ends <When at={token.expiresAt} />
      </p>
    </div>
    <div className="act">
      <SureButton label="Revoke" what={`${token.name}${owner === undefined ? '' : ` of ${owner}`}`} onSure={onRevoke} />
    </div>
  </li>
);
