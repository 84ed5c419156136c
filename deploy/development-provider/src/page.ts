import { PEOPLE } from './people.ts';

/** Who would you like to be? */
export function choosingPage(uid: string, client: string): string {
  const buttons = PEOPLE.map(
    ({ sub, name, about }) =>
      `<button name="sub" value="${sub}"><strong>${name}</strong><small>${sub}@example.com · ${about}</small></button>`,
  );
  return whole(
    'Who would you like to be?',
    `<p>For ${client.replace(/[^\w .:/-]/g, '')}. In production your company’s own sign-in stands here.</p>
<form method="post" action="/interaction/${uid}">${buttons.join('\n')}</form>`,
  );
}

/** The provider's own form of signing out, sent by itself. */
export const leavingPage = (form: string): string =>
  whole(
    'Signing out',
    `${form}<button form="op.logoutForm" name="logout" value="yes" autofocus><strong>Sign out here, too</strong></button>
<button form="op.logoutForm"><strong>Stay signed in here</strong></button>`,
  );

export const whole = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · development only</title>
<style>${STYLE}</style>
<p class="warning" role="alert">Development only: nobody needs a password here, anybody may be anybody.</p>
<main>
<h1>${title}</h1>
${body}
</main>
</html>
`;

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#fff8e6, #1d1805); color: light-dark(#1c2430, #e6e9ee); }
main { max-width: 26rem; margin: 14vh auto 0; padding: 2rem; border-radius: 12px; background: light-dark(#fff, #262011); border: 1px dashed light-dark(#c98a00, #a87b1d); }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
button { display: block; width: 100%; margin-top: .6rem; padding: .65rem 1rem; border-radius: 8px; border: 1px solid light-dark(#d8c28c, #5c4c22); background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
button:hover, button:focus-visible { border-color: light-dark(#8a5d00, #ffc53d); }
button:focus-visible { outline: 3px solid light-dark(#e6b84d, #a87b1d); outline-offset: 2px; }
small { display: block; opacity: .75; }
.warning { margin: 0; padding: .6rem 1rem; text-align: center; font-weight: 600; color: #1c1300; background: #ffc53d; }
`;
