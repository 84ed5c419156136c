/** A grey stroke that stands for words; its length is in hundredths of the room it has. */
export const Line = ({ of, isStrong }: { of: number; isStrong?: boolean }) => (
  <i className="line" data-strong={isStrong || undefined} style={{ inlineSize: `${of}%` }} />
);
