import { useEffect, useState } from 'react';

export const SECTIONS = {
  account: 'You',
  people: 'People',
  sessions: 'Sessions',
  tokens: 'Tokens',
  audit: 'Audit trail',
};
export type Section = keyof typeof SECTIONS;

/** Which part of the page is shown: after the address's `#`, so that it can be linked to and gone back from. */
export function useSection(): Section {
  const [section, setSection] = useState(inAddress);
  useEffect(() => {
    const look = () => setSection(inAddress());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return section;
}

function inAddress(): Section {
  const name = location.hash.slice(1);
  return Object.hasOwn(SECTIONS, name) ? (name as Section) : 'account';
}
