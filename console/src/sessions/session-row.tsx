import type { ReactNode } from 'react';
import type { Session } from '../account/account.ts';
import { When } from '../account/when.tsx';

interface SessionRowProps {
  session: Session;
  /** whose it is, where that is not clear */
  whose?: string;
  isThisOne?: boolean;
  /** how to end it */
  children: ReactNode;
}

export const SessionRow = ({ session, whose, isThisOne = false, children }: SessionRowProps) => (
  <li>
    <div className="name">
      <b>{whose ?? session.device}</b>
      {isThisOne && <span className="tag">this browser</span>}
      {session.isBreakGlass && <span className="tag warm">break glass</span>}
      {whose !== undefined && <p className="quiet">{session.device}</p>}
    </div>
    <p className="about quiet">
      Used <When at={session.lastUsedAt} />, signed in <When at={session.createdAt} />; ends{' '}
      <When at={session.expiresAt} /> if not used
    </p>
    <div className="act">{children}</div>
  </li>
);
