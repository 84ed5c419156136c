import type { LocalPage } from './local-page.ts';

/** A cloud console: it fills the window, its header is a flex box of fixed height, and the resource is behind the "#". */
export function consolePage(url: URL): LocalPage {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="awsc-session-data" content='{"displayName":"ana","accountId":"123456789012","infrastructureRegion":"eu-central-1"}'>
<title>Lambda</title>
<style>
  :root { color-scheme: light dark; }
  html, body { height: 100%; margin: 0; overflow: hidden; }
  body { display: flex; flex-direction: column; font: 14px/1.5 system-ui, sans-serif; color: light-dark(#0f141a, #dedee3); background: light-dark(#fff, #161d26); }
  header { display: flex; flex: none; height: 42px; background: #161d26; color: #fff; }
  header > div { display: flex; flex: 1; height: 42px; }
  header nav { display: flex; align-items: center; gap: 18px; flex: 1; padding: 0 16px; }
  header input { flex: 0 1 420px; min-width: 60px; padding: 4px 10px; border: 1px solid #656871; border-radius: 6px; background: #0f141a; color: inherit; font: inherit; }
  header span:last-child { margin-left: auto; white-space: nowrap; }
  .app { flex: 1; display: grid; grid-template-columns: 200px 1fr; min-height: 0; }
  .side { padding: 18px; border-right: 1px solid light-dark(#dedee3, #424650); }
  .side p { margin: 6px 0; color: light-dark(#424650, #b4b4bb); }
  main { padding: 18px 24px; overflow: auto; }
  .facts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 20px; padding: 14px 18px; border: 1px solid light-dark(#dedee3, #424650); border-radius: 12px; }
  .facts b { display: block; font-size: 12px; color: light-dark(#656871, #a4a4ad); }
  .facts span { overflow-wrap: anywhere; }
  footer { flex: none; height: 30px; padding: 4px 16px; box-sizing: border-box; font-size: 12px; background: #161d26; color: #dedee3; }
  @media (max-width: 700px) { .app { grid-template-columns: 1fr; } .side { display: none; } .facts { grid-template-columns: 1fr; } }
</style>
</head>
<body>
<header><div><nav role="navigation"><b>aws</b><input aria-label="Search"><span>Frankfurt</span><span>ana @ 1234-5678-9012</span></nav></div></header>
<div class="app">
  <div class="side"><b>AWS Lambda</b><p>Dashboard</p><p>Applications</p><p><u>Functions</u></p><p>Layers</p></div>
  <main><h2></h2><div class="facts"></div></main>
</div>
<footer>CloudShell · Feedback</footer>
<script>
  const draw = () => {
    const name = location.hash.split('/')[2]?.split('?')[0] ?? '';
    document.querySelector('h2').textContent = name || 'Functions';
    const facts = document.querySelector('.facts');
    facts.replaceChildren();
    // The real one is drawn bit by bit too.
    setTimeout(() => {
      for (const [key, value] of name ? [['Last modified', '3 days ago'], ['Runtime', 'Node.js 24.x'], ['Function ARN', 'arn:aws:lambda:eu-central-1:123456789012:function:' + name]] : []) {
        const cell = document.createElement('span');
        const term = document.createElement('b');
        term.textContent = key;
        cell.append(term, value);
        facts.append(cell);
      }
    }, 120);
  };
  addEventListener('hashchange', draw);
  draw();
</script>
</body>
</html>`;
  return { html: url.pathname === '/blank' ? '' : html };
}
