/** The few pages of a sign-in: they work without scripts. */
export const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${title} · Fingerpost</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
${content}
</main>
</html>
`;

export const textOf = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f4f5f7, #15171b); color: light-dark(#1c1f26, #e8eaee); }
main { box-sizing: border-box; width: min(26rem, 100vw); padding: 2rem; border-radius: .75rem; background: light-dark(#fff, #1f2228); box-shadow: 0 1px 12px #0002; }
h1 { margin: 0 0 1rem; font-size: 1.25rem; }
.quiet { color: light-dark(#5b6270, #a3a9b5); font-size: .875rem; }
.fault { color: light-dark(#9a1c13, #ff9d94); }
.code { font: 600 1.75rem/1 ui-monospace, monospace; letter-spacing: .1em; }
button { margin: .5rem .5rem 0 0; padding: .5rem 1rem; border: 1px solid light-dark(#c4c9d2, #454b57); border-radius: .5rem; background: none; color: inherit; font: inherit; cursor: pointer; }
button.main { border-color: transparent; background: light-dark(#1f5fbf, #6ea3f5); color: light-dark(#fff, #10131a); }
button:focus-visible, input:focus-visible { outline: 2px solid light-dark(#1f5fbf, #6ea3f5); outline-offset: 2px; }
input[type=text] { box-sizing: border-box; width: 100%; padding: .5rem; border: 1px solid light-dark(#8b92a0, #6b7280); border-radius: .5rem; background: none; color: inherit; font: 1.25rem ui-monospace, monospace; text-transform: uppercase; }
`;
