/** All of the bar's styles, for the `<style>` of the shadow root that it lives in. Nothing leaks out, nothing comes in. */
export const barStyles = `
:host { all: initial; display: block; }

/* A page may style the host; what is inherited from there ends here. */
.fingerpost {
  all: initial; display: block;
  color-scheme: light dark;
  --surface: light-dark(#fbfbfa, #17191d);
  --raised: light-dark(#ffffff, #22252a);
  --hover: light-dark(#f0f1f2, #2c3036);
  --line: light-dark(#dcdee2, #383c43);
  --text: light-dark(#1d2126, #e5e7ea);
  --muted: light-dark(#5a616b, #a0a7b1);
  --accent: light-dark(#0b6275, #62c5d6);
  --shadow: light-dark(rgb(20 25 32 / .16), rgb(0 0 0 / .55));
  --important-text: light-dark(#9a1c13, #ffb3a8);
  --important-back: light-dark(#fdefed, #3a1f1d);
  --important-line: light-dark(#efc6c1, #69342f);
  --relevant-text: light-dark(#744900, #f1cc7c);
  --relevant-back: light-dark(#fdf5e0, #332913);
  --relevant-line: light-dark(#e8d6a2, #5c4a1f);
  --success-text: light-dark(#16623a, #8edba9);
  --success-back: light-dark(#ecf7f0, #182d20);
  --success-line: light-dark(#bcdec9, #2c5439);
  color: var(--text);
  font: 12.5px/1.35 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  text-align: start;
  -webkit-font-smoothing: antialiased;
  container: bar / inline-size;
}
.fingerpost[data-theme="light"] { color-scheme: light; }
.fingerpost[data-theme="dark"] { color-scheme: dark; }
.fingerpost *, .fingerpost *::before { box-sizing: border-box; }

.bar {
  display: flex; align-items: center; gap: 6px;
  block-size: 38px; padding-inline: 10px;
  background: var(--surface); border-block-end: 1px solid var(--line);
}
.brand { display: grid; flex: none; color: var(--accent); margin-inline-end: 2px; }
.brand .icon { inline-size: 18px; block-size: 18px; }

/* One line; what wraps waits below the edge, unseen, for the "more" panel. */
.strip {
  flex: 1; min-inline-size: 0; block-size: 36px; padding: 5px 3px;
  display: flex; flex-wrap: wrap; align-items: center; align-content: flex-start; gap: 12px 6px;
  overflow: hidden;
}
.chip[data-hidden] { visibility: hidden; }
.nothing { display: flex; align-items: center; gap: 6px; color: var(--muted); block-size: 26px; white-space: nowrap; }
.problem { color: var(--important-text); min-inline-size: 15px; }
.problem .label { overflow: hidden; text-overflow: ellipsis; }

.chip {
  appearance: none; font: inherit; color: var(--text); text-decoration: none; white-space: nowrap;
  display: inline-flex; align-items: center; gap: 6px; flex: none;
  block-size: 26px; max-inline-size: min(280px, 100%); padding-inline: 8px;
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
  transition: background-color .12s, border-color .12s;
}
span.chip { cursor: default; background: none; border-color: transparent; padding-inline: 5px; }
button.chip { cursor: pointer; }
a.chip:hover, button.chip:hover, button.chip[aria-expanded="true"] { background: var(--hover); border-color: light-dark(#c9ccd2, #4a4f58); }
a.chip:hover .label { text-decoration: underline; text-underline-offset: 2px; }
:is(.chip, .row, .retry):focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.row:focus-visible { outline-offset: -2px; }

.chip[data-status="important"] { color: var(--important-text); background: var(--important-back); border-color: var(--important-line); }
.chip[data-status="relevant"] { color: var(--relevant-text); background: var(--relevant-back); border-color: var(--relevant-line); }
.chip[data-status="success"] { color: var(--success-text); background: var(--success-back); border-color: var(--success-line); }
span.chip[data-status]:not([data-status="none"]) { padding-inline: 8px; }
.chip[data-status]:not([data-status="none"]):is(a, button):hover { border-color: currentColor; }

.chip .label { overflow: hidden; text-overflow: ellipsis; min-inline-size: 0; }
/* Of a long one the end: that is where a host says whose it is. */
.leads-to { flex: none; max-inline-size: 180px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; direction: rtl; padding-inline: 5px; border-radius: 4px; color: var(--relevant-text); background: var(--relevant-back); }
.icon { inline-size: 15px; block-size: 15px; flex: none; display: block; }
.chip:not([data-status]) .icon, .chip[data-status="none"] .icon, .row .icon { color: var(--muted); }
.letter { display: inline-grid; place-items: center; border-radius: 3px; font: 700 9px/1 ui-sans-serif, system-ui, sans-serif; box-shadow: inset 0 0 0 1px currentColor; }
.mark { display: inline-grid; flex: none; }
.mark svg { inline-size: 8px; block-size: 8px; fill: currentColor; display: block; }
.caret { inline-size: 8px; block-size: 8px; flex: none; opacity: .7; margin-inline-start: -1px; transition: transform .12s; }
[aria-expanded="true"] > .caret { transform: rotate(180deg); }
.stale { display: inline-grid; color: var(--muted); }
.stale .icon { inline-size: 12px; block-size: 12px; }
.chip[data-stale] { border-style: dashed; border-color: var(--line); }

.chip[data-kind="failure"] { background: none; border-style: dashed; color: var(--muted); }
.chip[data-kind="failure"] .icon { color: var(--important-text); }
.more { color: var(--muted); font-variant-numeric: tabular-nums; }

.skeleton, span.chip.skeleton { border-color: transparent; background: var(--hover); position: relative; overflow: hidden; }
.skeleton::before {
  content: ""; position: absolute; inset: 0; transform: translateX(-100%);
  background: linear-gradient(90deg, transparent, light-dark(rgb(255 255 255 / .75), rgb(255 255 255 / .07)), transparent);
  animation: shimmer 1.4s ease-in-out infinite;
}
@keyframes shimmer { to { transform: translateX(100%); } }
.chip:not(.skeleton, [data-hidden]) { animation: arrive .16s ease-out; }
@keyframes arrive { from { opacity: 0; } }

.tool {
  appearance: none; display: grid; place-items: center; flex: none; inline-size: 24px; block-size: 26px; padding: 0;
  color: var(--muted); background: none; border: 0; border-radius: 5px; cursor: pointer;
}
.tool:hover { color: var(--text); background: var(--hover); }
.tool:focus-visible { outline: 2px solid var(--accent); outline-offset: -1px; }
.tools { display: flex; flex: none; margin-inline-start: 2px; }

.panel, .tooltip {
  position: fixed; inset: auto; margin: 0; z-index: 2147483647; font: inherit; color: var(--text);
  background: light-dark(#ffffff, #1f2227); border: 1px solid var(--line); border-radius: 8px;
  box-shadow: 0 1px 1px var(--shadow), 0 20px 22px -14px var(--shadow);
}
/* Unseen, and yet it lies over all of the page: over the bar too, for whoever watches whether something does. */
:popover-open::backdrop { display: none; }
/* A shadow falls away from the bar and reaches nothing back (1.5 times its blur, and its spread, less the way it falls): who watches for covers would find it. */
:is(.panel, .tooltip)[data-above] { box-shadow: 0 -1px 1px var(--shadow), 0 -20px 22px -14px var(--shadow); }
.panel { inline-size: max-content; min-inline-size: 200px; max-inline-size: min(400px, calc(100vw - 16px)); padding: 4px; overflow: auto; overscroll-behavior: contain; outline: none; }
.panel ul { list-style: none; margin: 0; padding: 0; }
.row {
  display: flex; align-items: center; gap: 8px; min-block-size: 30px; padding: 5px 8px; border-radius: 5px;
  color: inherit; text-decoration: none; overflow-wrap: anywhere;
}
.row .label { flex: 1; min-inline-size: 0; }
a.row:hover, .row:focus { background: var(--hover); outline: none; }
.row[data-status="important"] :is(.mark, .icon) { color: var(--important-text); }
.row[data-status="relevant"] :is(.mark, .icon) { color: var(--relevant-text); }
.row[data-status="success"] :is(.mark, .icon) { color: var(--success-text); }
.row span.icon:empty { display: none; }
/* What is said stands under one another, whether or not a row has an icon or a mark. */
ul:has(.row :is(svg.icon, .letter)) span.icon:empty { display: block; }
ul:has(.row .mark) .row:not(:has(.mark)) .label { margin-inline-start: 16px; }
.leaves { inline-size: 8px; block-size: 8px; flex: none; color: var(--muted); opacity: 0; margin-inline-start: 12px; }
a.row:is(:hover, :focus) .leaves { opacity: 1; }
.heading { padding: 8px 8px 3px; color: var(--muted); font-size: 11.5px; font-weight: 600; }
li + li > .heading { margin-block-start: 4px; border-block-start: 1px solid var(--line); }

.filter { display: flex; align-items: center; gap: 8px; padding: 4px 8px 8px; margin: 0 -4px 4px; padding-inline: 12px; border-block-end: 1px solid var(--line); color: var(--muted); position: sticky; inset-block-start: -4px; background: inherit; background: light-dark(#ffffff, #1f2227); padding-block-start: 8px; margin-block-start: -4px; }
.filter input { all: unset; flex: 1; min-inline-size: 0; color: var(--text); }
.filter input::placeholder { color: var(--muted); }
.filter[data-quiet] { position: absolute; opacity: 0; pointer-events: none; block-size: 1px; overflow: hidden; padding: 0; border: 0; }
.none { margin: 0; padding: 10px 8px; color: var(--muted); }

.failure { padding: 6px 8px 8px; max-inline-size: 300px; }
.failure p { margin: 2px 0 0; }
.small { color: var(--muted); font-size: 11.5px; }
.failure code { font: 11.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; user-select: all; color: var(--text); }
.retry {
  appearance: none; font: inherit; color: var(--text); cursor: pointer; margin-block-start: 8px; padding: 3px 10px;
  background: var(--raised); border: 1px solid var(--line); border-radius: 5px;
}
.retry:hover { background: var(--hover); }
.tooltip { padding: 5px 8px; max-inline-size: min(320px, calc(100vw - 16px)); overflow-wrap: anywhere; border-radius: 6px; animation: arrive .1s ease-out; }

.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@container bar (max-width: 520px) {
  .bar { padding-inline: 6px; gap: 3px; }
  .strip { column-gap: 4px; }
  .chip { padding-inline: 6px; gap: 5px; font-size: 12px; max-inline-size: min(200px, 100%); }
  .brand .icon { inline-size: 16px; block-size: 16px; }
  .tool[data-rare], .bar > .remedy { display: none; }
  .bar > .problem { max-inline-size: 35%; }
}
@media (prefers-reduced-motion: reduce) {
  .fingerpost *, .fingerpost *::before { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .chip, .panel, .tooltip { border: 1px solid ButtonBorder; }
}
@media print { .fingerpost { display: none; } }
`;
