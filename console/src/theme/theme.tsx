import { useEffect, useState } from 'react';

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'fingerpost.theme';
const THEMES: Theme[] = ['auto', 'light', 'dark'];

export function useTheme() {
  const [theme, setTheme] = useState<Theme>(() => THEMES.find((each) => each === localStorage.getItem(KEY)) ?? 'auto');
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }, [theme]);
  return { theme, setTheme };
}

export function ThemeSwitch({ theme, onTheme }: { theme: Theme; onTheme(theme: Theme): void }) {
  return (
    <fieldset className="themes">
      <legend className="unseen">Colours</legend>
      {THEMES.map((each) => (
        <label key={each} title={NAMES[each]}>
          <input
            type="radio"
            name="theme"
            checked={each === theme}
            onChange={() => onTheme(each)}
            aria-label={NAMES[each]}
          />
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={DRAWINGS[each]} />
          </svg>
        </label>
      ))}
    </fieldset>
  );
}

const NAMES = { auto: 'As the system', light: 'Light', dark: 'Dark' } as const;

const DRAWINGS = {
  auto: 'M2.5 3h11v7.5h-11zM6 13.3h4M8 10.5v2.8',
  light:
    'M10.7 8a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0zM8 1.8v1.2M8 13v1.2M1.8 8H3M13 8h1.2M3.6 3.6l.9.9M11.5 11.5l.9.9M12.4 3.6l-.9.9M4.5 11.5l-.9.9',
  dark: 'M13.3 9.7A5.8 5.8 0 0 1 6.3 2.7a5.8 5.8 0 1 0 7 7z',
} as const;
