import { Bar, type BarProps, barStyles } from '@fingerpost/bar';
import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

/** The bar inside a shadow root of its own, as the extension puts it into a page. */
export function ShadowBar(props: BarProps) {
  const host = useRef<HTMLDivElement>(null);
  const [root, setRoot] = useState<ShadowRoot>();
  useLayoutEffect(() => {
    if (host.current !== null) setRoot(host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' }));
  }, []);
  const content = (
    <>
      <style>{barStyles}</style>
      <Bar {...props} />
    </>
  );
  return <div ref={host}>{root && createPortal(content, root)}</div>;
}
