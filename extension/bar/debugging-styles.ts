export const debuggingStyles = `
.debugging {
  position: fixed; inset: auto 12px 12px auto; margin: 0; padding: 0; inline-size: min(540px, calc(100vw - 24px)); max-block-size: min(80vh, 640px);
  overflow: auto; overscroll-behavior: contain; user-select: text;
  color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 8px 28px -8px var(--shadow);
}
.debugging summary { padding: 8px 12px; font-weight: 600; cursor: pointer; position: sticky; inset-block-start: 0; background: var(--raised); }
.debugging summary:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 10px; }
.debugging h2 { margin: 0; padding: 8px 12px 2px; font-size: 11.5px; font-weight: 600; color: var(--muted); }
.debugging pre, .debugging ol, .debugging p { margin: 0; padding: 2px 12px 6px; font: 11.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.debugging ol { list-style: none; }
.debugging li { display: grid; grid-template-columns: 56px 58px 1fr; gap: 8px; }
.debugging .ms { text-align: end; color: var(--muted); font-variant-numeric: tabular-nums; }
.debugging .sought { color: var(--important-text); }
`;
