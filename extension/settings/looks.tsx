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
      <label className="switch">
        <input
          type="checkbox"
          checked={display.isDebugging}
          onChange={(event) => change({ isDebugging: event.target.checked })}
        />
        <span>
          Show what is sent and heard <small>A panel on each page, for those who write integrations</small>
        </span>
      </label>
      <label className="switch">
        <input
          type="checkbox"
          checked={display.isDemo}
          onChange={(event) => change({ isDemo: event.target.checked })}
        />
        <span>
          Demo <small>Answers are made up here, no gateway is asked</small>
        </span>
      </label>
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
