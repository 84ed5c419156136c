import type { LocalPage } from './local-page.ts';

const TABS = ['Code', 'Issues', 'Pull requests', 'Actions', 'Projects', 'Security', 'Insights', 'Settings'];

/** A repository: its header, its tabs, and links that change the page as GitHub does, without loading another one. */
export function githubPage(url: URL): LocalPage {
  const [owner, name] = url.pathname.split('/').filter(Boolean);
  const html = `<!doctype html>
<html lang="en" data-color-mode="auto">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="user-login" content="ana">
<title>${owner}/${name}</title>
<style>
  :root { color-scheme: light dark; }
  * { letter-spacing: 0.01em; }
  body { margin: 0; font: 14px/1.5 system-ui, sans-serif; color: light-dark(#1f2328, #f0f6fc); background: light-dark(#fff, #0d1117); }
  div { margin: 0; }
  a { color: inherit; text-decoration: none; }
  .head { background: light-dark(#f6f8fa, #010409); border-bottom: 1px solid light-dark(#d1d9e0, #3d444d); padding: 14px 24px 0; }
  .title { display: flex; align-items: center; gap: 10px; }
  .title i { width: 30px; height: 30px; border-radius: 50%; background: light-dark(#25292e, #f0f6fc); }
  .title input { margin-left: auto; width: min(260px, 30vw); padding: 5px 10px; font: inherit; color: inherit; background: transparent; border: 1px solid light-dark(#d1d9e0, #3d444d); border-radius: 6px; }
  nav { display: flex; gap: 22px; margin-top: 12px; overflow: hidden; white-space: nowrap; }
  nav a { padding: 7px 2px; border-bottom: 2px solid transparent; }
  nav a[aria-current] { border-color: #fd8c73; font-weight: 600; }
  main { display: grid; grid-template-columns: minmax(0, 1fr) 260px; gap: 28px; max-width: 1180px; margin: 24px auto; padding: 0 24px; }
  .files { border: 1px solid light-dark(#d1d9e0, #3d444d); border-radius: 6px; }
  .files p { margin: 0; padding: 9px 16px; display: grid; grid-template-columns: 160px 1fr; gap: 12px; }
  .files p + p { border-top: 1px solid light-dark(#d1d9e0, #3d444d); }
  .files span { color: light-dark(#59636e, #9198a1); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  aside { color: light-dark(#59636e, #9198a1); }
  aside b { display: block; color: light-dark(#1f2328, #f0f6fc); margin-top: 12px; }
  @media (max-width: 700px) { main { grid-template-columns: 1fr; padding: 0 16px; } .head { padding-inline: 16px; } .files p { grid-template-columns: 110px 1fr; } }
</style>
</head>
<body>
<div class="head" id="repository-container-header">
  <div class="title"><i></i><span>${owner} / <b>${name}</b></span><input id="search" placeholder="Type / to search" aria-label="Search"></div>
  <nav aria-label="Repository">${TABS.map((tab, at) => `<a ${at === 0 ? 'id="code-tab" aria-current="page"' : ''} href="${hrefOf(tab, owner, name)}">${tab}</a>`).join('')}</nav>
</div>
<main>
  <section>
    <h2 id="heading">${name}</h2>
    <div class="files">${FILES.map(([file, said]) => `<p><b>${file}</b><span>${said}</span></p>`).join('')}</div>
  </section>
  <aside><b>About</b>The shop’s web front end and its checkout.<b>Releases</b>v4.18.2 · 3 days ago<b>Languages</b>TypeScript 84 %, CSS 12 %</aside>
</main>
<script>
  // As Turbo does: the body is replaced, the address follows.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('nav a');
    if (!link) return;
    event.preventDefault();
    const body = document.body.cloneNode(true);
    body.querySelectorAll('nav a').forEach((each) => each.toggleAttribute('aria-current', each.textContent === link.textContent));
    body.querySelector('#heading').textContent = link.textContent;
    document.documentElement.replaceChild(body, document.body);
    history.pushState({}, '', link.href);
  });
  // As GitHub's shortcuts do: a letter anywhere but in a field is a command.
  window.pressed = [];
  document.addEventListener('keydown', (event) => {
    if (!(event.target instanceof HTMLInputElement)) window.pressed.push(event.key);
  });
</script>
</body>
</html>`;
  // The strictness of the real one: nothing may be injected but by those who need no leave.
  return {
    html,
    headers: {
      'content-security-policy':
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self'; require-trusted-types-for 'script'",
    },
  };
}

const hrefOf = (tab: string, owner = '', name = '') =>
  `/${owner}/${name}${tab === 'Code' ? '' : `/${tab.toLowerCase().replace('pull requests', 'pulls')}`}`;

const FILES = [
  ['.github', 'Run the checks on arm64 too'],
  ['deploy', 'Two more replicas for the sale'],
  ['src', 'Keep the cart when a session ends'],
  ['tests', 'Keep the cart when a session ends'],
  ['Dockerfile', 'Node 26'],
  ['README.md', 'How to run it without the company’s network'],
  ['package.json', 'v4.18.2'],
];
