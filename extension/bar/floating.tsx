import { Icon } from '@fingerpost/bar';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
} from 'react';
import type { FloatPlace } from '../display/display.ts';

interface FloatingProps {
  element: RefObject<HTMLDivElement | null>;
  place: FloatPlace;
  onPlace(place: FloatPlace): void;
  draw(handle: ReactNode): ReactNode;
}

const EDGE = 8;
const STEP = 0.05;
const SAVE_MS = 250;

/** The bar above the page, in the browser's top layer. Moved by its grip: dragged, or with the arrow keys. */
export function Floating({ element, place, onPlace, draw }: FloatingProps) {
  const at = useRef(place);
  const saving = useRef<ReturnType<typeof setTimeout>>(undefined);
  const drag = useRef<{ dx: number; dy: number }>(undefined);

  const put = useCallback(
    (next: FloatPlace) => {
      at.current = { x: within(next.x), y: within(next.y) };
      const { x, y } = freeRoom(element.current!);
      element.current!.style.left = `${EDGE + at.current.x * x}px`;
      element.current!.style.top = `${EDGE + at.current.y * y}px`;
    },
    [element],
  );

  useLayoutEffect(() => {
    element.current!.showPopover();
    const again = () => put(at.current);
    const observer = new ResizeObserver(again);
    observer.observe(element.current!);
    window.addEventListener('resize', again);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', again);
    };
  }, [put, element]);
  // What was kept a moment ago comes back as news: not while the next place is being chosen.
  useLayoutEffect(() => {
    if (drag.current === undefined && saving.current === undefined) put(place);
  }, [place, put]);
  useLayoutEffect(() => () => clearTimeout(saving.current), []);
  const save = () => {
    clearTimeout(saving.current);
    saving.current = setTimeout(() => {
      saving.current = undefined;
      onPlace(at.current);
    }, SAVE_MS);
  };

  const start = (event: PointerEvent<HTMLElement>) => {
    const box = element.current!.getBoundingClientRect();
    drag.current = { dx: event.clientX - box.left, dy: event.clientY - box.top };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (drag.current === undefined) return;
    const { x, y } = freeRoom(element.current!);
    put({
      x: x > 0 ? (event.clientX - drag.current.dx - EDGE) / x : 0,
      y: y > 0 ? (event.clientY - drag.current.dy - EDGE) / y : 0,
    });
  };
  const end = () => {
    if (drag.current !== undefined) save();
    drag.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    put({ x: at.current.x + step.x, y: at.current.y + step.y });
    save();
  };

  return (
    <div ref={element} className="place" popover="manual">
      {draw(
        <button
          type="button"
          className="tool grip"
          aria-label="Move the bar: drag it, or use the arrow keys"
          onPointerDown={start}
          onPointerMove={move}
          onPointerUp={end}
          onPointerCancel={end}
          onKeyDown={onKeyDown}
        >
          <Icon name="grip" />
        </button>,
      )}
    </div>
  );
}

const STEPS: Record<string, FloatPlace | undefined> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

const within = (part: number) => Math.max(0, Math.min(1, part));

function freeRoom(element: HTMLElement): { x: number; y: number } {
  const { width, height } = element.getBoundingClientRect();
  return {
    x: Math.max(0, document.documentElement.clientWidth - width - 2 * EDGE),
    y: Math.max(0, window.innerHeight - height - 2 * EDGE),
  };
}
