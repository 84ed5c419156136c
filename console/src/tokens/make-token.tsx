import { type FormEvent, useState } from 'react';

export interface WantedToken {
  name: string;
  roles: string[];
  days: number;
}

interface MakeTokenProps {
  roles: string[];
  onMake(wanted: WantedToken): void;
  onCancel(): void;
}

const DAYS = [7, 30, 90, 365];

export function MakeToken({ roles, onMake, onCancel }: MakeTokenProps) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState(['viewer']);
  const [days, setDays] = useState(90);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMake({ name: name.trim(), roles: chosen, days });
  };
  const choose = (role: string, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, role] : chosen.filter((each) => each !== role));

  return (
    <form className="make-token" onSubmit={submit} onKeyDown={({ key }) => key === 'Escape' && onCancel()}>
      <label>
        What is it for?
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={80}
          autoComplete="off"
          placeholder="deploy script"
          ref={focusOnce}
        />
      </label>
      <fieldset>
        <legend>What may it do?</legend>
        {roles.map((role) => (
          <label key={role}>
            <input
              type="checkbox"
              checked={chosen.includes(role)}
              onChange={(event) => choose(role, event.target.checked)}
            />
            {role}
          </label>
        ))}
      </fieldset>
      <label>
        Ends after
        <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {each} days
            </option>
          ))}
        </select>
      </label>
      <div className="buttons">
        <button type="submit" className="primary" disabled={name.trim() === '' || chosen.length === 0}>
          Make token
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

const focusOnce = (field: HTMLInputElement | null) => field?.focus();
