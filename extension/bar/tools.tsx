import { Icon } from '@fingerpost/bar';
import { type RefObject, useEffect, useRef } from 'react';
import type { PageActions } from '../page/page-view.ts';

interface ToolsProps {
  isFloating: boolean;
  actions: PageActions;
  /** the bar is being put elsewhere, where the button that does it keeps the focus */
  isMoving: RefObject<boolean>;
}

interface Tool {
  label: string;
  icon: string;
  /** left out where room is scarce */
  isRare?: boolean;
  act(): unknown;
}

/** The few things that can be done with the bar itself. */
export function Tools({ isFloating, actions, isMoving }: ToolsProps) {
  const moveButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isMoving.current) moveButton.current?.focus();
    isMoving.current = false;
  }, [isMoving]);
  const put = (isFloating: boolean) => {
    isMoving.current = true;
    actions.float(isFloating);
  };
  const site = location.hostname;
  const tools: Tool[] = [
    isFloating
      ? { label: 'Put the bar at the top of the page', icon: 'dock', isRare: true, act: () => put(false) }
      : { label: 'Let the bar float', icon: 'float', isRare: true, act: () => put(true) },
    { label: 'Settings', icon: 'settings', isRare: true, act: actions.openSettings },
    { label: `Hide on ${site} (it comes back from the extension’s menu)`, icon: 'close', act: actions.hide },
  ];
  return (
    <span className="tools">
      {tools.map(({ label, icon, isRare, act }, index) => (
        <button
          key={icon}
          ref={index === 0 ? moveButton : undefined}
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
