import { SignOut } from '../caller/signed-in.tsx';
import { Header } from '../header.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useRead } from '../reading/use-read.ts';
import { MySessions } from '../sessions/my-sessions.tsx';
import { useTheme } from '../theme/theme.tsx';
import { MyTokens } from '../tokens/my-tokens.tsx';
import type { Account } from './account.ts';
import { Administration } from './administration.tsx';
import { NotSignedIn } from './not-signed-in.tsx';
import { SECTIONS, type Section, useSection } from './section.ts';
import { WhoIAm } from './who-i-am.tsx';

/** Who am I, where am I signed in, which tokens have I made; and for administrators, the same of everybody. */
export function AccountPage() {
  const { theme, setTheme } = useTheme();
  const { value: account, problem, look } = useRead<Account>('/account');
  const section = useSection();
  const isSignedOut = problem?.status === 401;
  const isAdmin = account?.roles.includes('admin') === true;

  return (
    <>
      <Header sentence="Your account" theme={theme} onTheme={setTheme}>
        <a href="/">Try page</a>
        {!isSignedOut && account && <SignOut />}
      </Header>
      {!isSignedOut && isAdmin && <Sections here={section} />}
      <main className="account">
        {isSignedOut && <NotSignedIn wasSignedIn={account !== undefined} />}
        {problem && !isSignedOut && (
          <section className="card" aria-label="Problem">
            <ProblemNote problem={problem} />
          </section>
        )}
        {!isSignedOut && account && isAdmin && <Administration section={section} me={account.subject} />}
        {!isSignedOut && account && (!isAdmin || section === 'account') && (
          <>
            <WhoIAm {...account} />
            <MySessions sessions={account.sessions} onChange={look} />
            <MyTokens tokens={account.tokens} roles={account.roles} onChange={look} />
          </>
        )}
      </main>
    </>
  );
}

const Sections = ({ here }: { here: Section }) => (
  <nav className="sections" aria-label="Account">
    {Object.entries(SECTIONS).map(([name, label]) => (
      <a key={name} href={`#${name}`} aria-current={name === here ? 'page' : undefined}>
        {label}
      </a>
    ))}
  </nav>
);
