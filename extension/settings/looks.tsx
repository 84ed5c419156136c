import type { Display } from '../display/display.ts';
import { displaySettings, useShown } from './use-settings.ts';

const THEMES = { auto: 'As the page', light: 'Light', dark: 'Dark' } as const;

/** How the bar looks, and what it tells those who look closer. */
export function Looks({ display: stored }: { display: Display }) {
  const [display, show] = useShown(stored);
  const change = (part: Partial<Display>) => {
    show({ ...display, ...part });
    displaySettings.change(part);
  };
  return (
    <section aria-labelledby="looks">
      <h2 id="looks">Display</h2>
      <fieldset>
        <legend>Place</legend>
        <Choice
          name="place"
          label="At the top of the page"
          isOn={!display.isFloating}
          onOn={() => change({ isFloating: false })}
        />
        <Choice name="place" label="Floating" isOn={display.isFloating} onOn={() => change({ isFloating: true })} />
      </fieldset>
      <fieldset>
        <legend>Colours</legend>
        {(Object.keys(THEMES) as Display['theme'][]).map((theme) => (
          <Choice
            key={theme}
            name="theme"
            label={THEMES[theme]}
            isOn={display.theme === theme}
            onOn={() => change({ theme })}
          />
        ))}
      </fieldset>
      <Switch
        label="Show what is sent and heard"
        more="A panel on each page, for those who write integrations"
        isOn={display.isDebugging}
        onChange={(isDebugging) => change({ isDebugging })}
      />
      <Switch
        label="Demo"
        more="Answers are made up here, no gateway is asked"
        isOn={display.isDemo}
        onChange={(isDemo) => change({ isDemo })}
      />
    </section>
  );
}

function Choice({ name, label, isOn, onOn }: { name: string; label: string; isOn: boolean; onOn(): unknown }) {
  return (
    <label className="choice">
      <input type="radio" name={name} checked={isOn} onChange={onOn} />
      {label}
    </label>
  );
}

interface Setting {
  label: string;
  more: string;
  isOn: boolean;
  onChange(isOn: boolean): unknown;
}

function Switch({ label, more, isOn, onChange }: Setting) {
  return (
    <label className="switch">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label} <small>{more}</small>
      </span>
    </label>
  );
}
