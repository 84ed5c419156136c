import { STYLE, text } from '../../identity/sign-in/page.ts';

export { text };

/** The few pages of a sign-in that ask something: they look like those that lead to them, and work without scripts. */
export const frame = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Fingerpost</title>
<style>${STYLE}${FORMS}</style>
<main>
<h1>${title}</h1>
${content}
</main>
</html>
`;

const FORMS = `
.quiet { color: light-dark(#5b6270, #a3a9b5); font-size: .875rem; }
.fault { color: light-dark(#9a1c13, #ff9d94); }
.code { font: 600 1.75rem/1 ui-monospace, monospace; letter-spacing: .1em; }
button { margin: .5rem .5rem 0 0; padding: .65rem 1rem; border: 1px solid light-dark(#8b92a0, #6b7280); border-radius: 8px; background: none; color: inherit; font: inherit; cursor: pointer; }
button.main { border-color: transparent; background: #1f5fbf; color: #fff; font-weight: 600; }
button.main:hover, button.main:focus-visible { background: #174c9b; }
:is(button, input):focus-visible { outline: 3px solid light-dark(#8db8f5, #6ea2ee); outline-offset: 2px; }
input[type=text] { margin-bottom: .75rem; box-sizing: border-box; width: 100%; padding: .65rem; border: 1px solid light-dark(#8b92a0, #6b7280); border-radius: 8px; background: none; color: inherit; font: 1.25rem ui-monospace, monospace; text-transform: uppercase; }
`;
