import { fromNow } from './from-now.ts';

/** A moment, as far from now as it is; the exact one on hovering. */
export const When = ({ at }: { at: string }) => (
  <time dateTime={at} title={new Date(at).toLocaleString()}>
    {fromNow(Date.parse(at) - Date.now())}
  </time>
);

/** To the second, for what is looked up. */
export const ExactlyWhen = ({ at }: { at: string }) => (
  <time dateTime={at} title={at}>
    {MOMENT.format(new Date(at))}
  </time>
);

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});
