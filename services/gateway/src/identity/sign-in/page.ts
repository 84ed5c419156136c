/** The few pages that people see on their way in and out: without scripts, so that they work when nothing else does. */
export interface PageParts {
  title: string;
  sentence: string;
  links?: { href: string; label: string; note?: string }[];
  form?: { action: string; fields: { name: string; label: string; type: string }[]; button: string };
  /** shown loudly above everything */
  warning?: string;
}

export function page({ title, sentence, links = [], form, warning }: PageParts): string {
  const items = links.map(
    ({ href, label, note }) =>
      `<a class="button" href="${text(href)}">${text(label)}${note === undefined ? '' : `<small>${text(note)}</small>`}</a>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)} · Fingerpost</title>
<style>${STYLE}</style>
${warning === undefined ? '' : `<p class="warning" role="alert">${text(warning)}</p>`}
<main>
<h1>${text(title)}</h1>
<p>${text(sentence)}</p>
${items.join('\n')}${form === undefined ? '' : formOf(form)}
</main>
</html>
`;
}

function formOf({ action, fields, button }: NonNullable<PageParts['form']>): string {
  const inputs = fields.map(
    ({ name, label, type }) =>
      `<label>${text(label)}<input name="${text(name)}" type="${text(type)}" required autocomplete="off"></label>`,
  );
  return `<form method="post" action="${text(action)}">${inputs.join('')}<button class="button">${text(button)}</button></form>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const text = (value: string): string => value.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f6f7f9, #14171c); color: light-dark(#1c2430, #e6e9ee); }
main { max-width: 24rem; margin: 16vh auto 0; padding: 2rem; border-radius: 12px; background: light-dark(#fff, #1d2229); border: 1px solid light-dark(#dde1e7, #303742); }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
p { margin: 0 0 1.25rem; }
.button { display: block; margin-top: .6rem; padding: .65rem 1rem; border-radius: 8px; font-weight: 600; text-decoration: none; color: #fff; background: #1f5fbf; }
.button:hover, .button:focus-visible { background: #174c9b; }
.button:focus-visible { outline: 3px solid light-dark(#8db8f5, #6ea2ee); outline-offset: 2px; }
label { display: block; margin-top: .8rem; }
input { display: block; box-sizing: border-box; width: 100%; padding: .55rem .7rem; border-radius: 8px; border: 1px solid light-dark(#b9c0ca, #46505f); background: none; color: inherit; font: inherit; }
button.button { width: 100%; border: 0; font: inherit; font-weight: 600; cursor: pointer; }
small { display: block; font-weight: 400; }
.warning { margin: 0; padding: .6rem 1rem; text-align: center; font-weight: 600; color: #1c1300; background: #ffc53d; }
`;
