import { Icon } from '@fingerpost/bar';
import type { PageActions } from '../page/page-view.ts';

interface Tool {
  label: string;
  icon: string;
  /** left out where room is scarce */
  isRare?: boolean;
  act(): unknown;
}

/** The few things that can be done with the bar itself. */
export function Tools({ isFloating, actions }: { isFloating: boolean; actions: PageActions }) {
  const site = location.hostname;
  const tools: Tool[] = [
    isFloating
      ? { label: 'Put the bar at the top of the page', icon: 'dock', isRare: true, act: () => actions.float(false) }
      : { label: 'Let the bar float', icon: 'float', isRare: true, act: () => actions.float(true) },
    { label: 'Settings', icon: 'settings', isRare: true, act: actions.openSettings },
    { label: `Hide on ${site} (it comes back from the extension’s menu)`, icon: 'close', act: actions.hide },
  ];
  return (
    <span className="tools">
      {tools.map(({ label, icon, isRare, act }) => (
        <button
          key={icon}
          type="button"
          className="tool"
          data-rare={isRare || undefined}
          title={label}
          aria-label={label}
          onClick={() => act()}
        >
          <Icon name={icon} />
        </button>
      ))}
    </span>
  );
}
