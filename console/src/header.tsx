import type { ReactNode } from 'react';
import { type Theme, ThemeSwitch } from './theme/theme.tsx';

interface HeaderProps {
  sentence: string;
  theme: Theme;
  onTheme(theme: Theme): void;
  /** ways to elsewhere */
  children?: ReactNode;
}

export const Header = ({ sentence, theme, onTheme, children }: HeaderProps) => (
  <header className="top">
    <h1>
      <svg className="signpost" viewBox="0 0 24 24" aria-hidden="true">
        <path className="post" d="M10.9 2h2.2v20h-2.2z" />
        <path className="finger" d="M5 3.5h11.5L20 6.3 16.5 9H5z" />
        <path className="finger back" d="M19 11H7.5L4 13.8l3.5 2.7H19z" />
      </svg>
      Fingerpost
    </h1>
    <p>{sentence}</p>
    <nav aria-label="Elsewhere">
      <a href="/docs">API</a>
      {children}
    </nav>
    <ThemeSwitch theme={theme} onTheme={onTheme} />
  </header>
);
