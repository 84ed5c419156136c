import { type KeyboardEvent, useState } from 'react';

interface SureButtonProps {
  label: string;
  /** what it is done to, for those who do not see the row */
  what: string;
  onSure(): void;
}

/** For what cannot be undone: asks once more, in its own place. */
export function SureButton({ label, what, onSure }: SureButtonProps) {
  const [isAsked, setAsked] = useState(false);
  const press = () => {
    setAsked(!isAsked);
    if (isAsked) onSure();
  };
  const onKeyDown = ({ key }: KeyboardEvent) => key === 'Escape' && setAsked(false);
  return (
    <button
      type="button"
      className={isAsked ? 'sure' : undefined}
      onClick={press}
      onBlur={() => setAsked(false)}
      onKeyDown={onKeyDown}
    >
      {isAsked ? `Really ${label.toLowerCase()}?` : label}
      <span className="unseen"> {what}</span>
    </button>
  );
}
