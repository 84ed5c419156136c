import type { LocalPage } from './local-page.ts';

/** Any page of a company: no site of ours, no content security policy, and styles that take no prisoners. */
export const wikiPage = (_url: URL): LocalPage => ({
  html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Runbook</title>
<style>
  * { box-sizing: content-box; text-transform: uppercase !important; line-height: 3 !important; letter-spacing: 3px !important; }
  div { padding: 20px !important; background: pink !important; opacity: 0.4 !important; transform: rotate(2deg) !important; }
  body { margin: 0; font: 18px serif; } main { max-width: 640px; margin: 40px auto; }
</style>
</head>
<body><main><h1>Webshop</h1><p>What to do when the checkout is slow.</p></main></body>
</html>`,
});
