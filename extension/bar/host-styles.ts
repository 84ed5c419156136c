/**
 * The host is the one element of ours that a page can reach. Where a page's rule and a rule from within a shadow root are both
 * "important", the one from within wins, over inline styles and animations too.
 */
export const hostStyles = (isFloating: boolean) => `
:host {
  all: initial !important;
  display: block !important;
  direction: ltr !important;
  user-select: none !important;
  ${isFloating ? FLOATING : INTEGRATED}
}
.place[popover] {
  position: fixed; inset: auto; margin: 0; padding: 0; border: 0; background: none; overflow: visible;
  inline-size: max-content; max-inline-size: min(920px, calc(100vw - 16px)); min-inline-size: min(260px, calc(100vw - 16px));
}
.place[popover] > .fingerpost { container: none; }
.place[popover] .bar { border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 1px 2px var(--shadow), 0 8px 28px -8px var(--shadow); padding-inline: 4px; }
.place[popover] .strip { flex: 0 1 auto; }
.place[popover] .tools { margin-inline-start: auto; }
.place[popover] .tool.grip { cursor: grab; touch-action: none; inline-size: 18px; }
.place[popover] .tool.grip:active { cursor: grabbing; }
@media (max-width: 540px) { .place[popover] .tool[data-rare] { display: none; } }
`;

const INTEGRATED =
  'position: relative !important; z-index: 2147483000 !important; flex: none !important; inline-size: 100% !important;';
const FLOATING =
  'position: fixed !important; inset: auto !important; inline-size: 0 !important; block-size: 0 !important;';
