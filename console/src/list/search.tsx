import { useEffect, useState } from 'react';

interface SearchProps {
  /** `Find people` */
  label: string;
  placeholder: string;
  onSearch(words: string): void;
}

const TYPING_MS = 250;

/** Looks when somebody has stopped typing. */
export function Search({ label, placeholder, onSearch }: SearchProps) {
  const [typed, setTyped] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => onSearch(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
