import { type RefObject, useLayoutEffect, useState } from 'react';

/**
 * How many of a wrapping row's children stand in its first line. The row shows one line only and keeps the others
 * laid out below its edge, so their widths stay known and nothing has to be measured twice.
 */
export function useFit(row: RefObject<HTMLElement | null>, content: unknown): number {
  const [count, setCount] = useState(Number.POSITIVE_INFINITY);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new content is measured anew
  useLayoutEffect(() => {
    const element = row.current;
    if (element === null) return;
    const measure = () => {
      const children = [...element.children] as HTMLElement[];
      const top = children[0]?.offsetTop ?? 0;
      const fitting = children.filter((child) => child.offsetTop <= top).length;
      setCount(fitting === children.length ? Number.POSITIVE_INFINITY : fitting);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [row, content]);

  return count;
}
