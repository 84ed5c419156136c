import { setTimeout as sleep } from 'node:timers/promises';
import { githubPage } from '../../testing/pages/github-page.ts';
import type { PageUnderAttack } from './page-under-attack.ts';

const REPOSITORY = new URL('https://github.com/acme/secret');

export function fakingSuite(at: PageUnderAttack): void {
  describe('a page that means harm, and says that it is another', () => {
    it('is what its address says, however much it looks like a repository', async () => {
      at.sites.draw('wiki.acme.dev', githubPage(REPOSITORY).html);
      await at.page.goto('https://wiki.acme.dev/acme/secret');
      await at.bar.find('link', /vault/);
      expect(at.door.contexts.at(-1)).toEqual({ type: 'generic', url: 'https://wiki.acme.dev/acme/secret' });
      expect(await at.bar.isThere('StaticText', 'Of acme/secret')).toBe(false);
    });

    it('is not asked about where its host only begins like another', async () => {
      const { questions } = at.door;
      at.sites.draw('github.com.evil.dev', githubPage(REPOSITORY).html);
      await at.page.goto('https://github.com.evil.dev/acme/secret');
      await sleep(1_000);
      expect(at.door.questions).toBe(questions);
    });

    it('does not change by its text which repository it is', async () => {
      const said =
        '<meta name="octolytics-dimension-repository_nwo" content="acme/secret"><a id="code-tab" href="/acme/secret">acme/secret</a>';
      const { html, headers } = githubPage(new URL('https://github.com/acme/webshop'));
      at.sites.draw('github.com', html.replace('<main>', `<main>${said}`), headers);
      await at.page.goto('https://github.com/acme/webshop');
      await at.bar.find('StaticText', 'Of acme/webshop');
      expect(JSON.stringify(at.door.contexts.at(-1))).not.toContain('acme/secret');
    });

    it('does not send the bar elsewhere by rewriting the history of addresses', async () => {
      await at.visit('');
      const before = at.door.contexts.length;
      await at.page.evaluate(() => history.replaceState({}, '', '/https://github.com/acme/secret'));
      await sleep(1_000);
      for (const { type, url } of at.door.contexts.slice(before)) {
        expect(type).toBe('generic');
        expect(new URL(String(url)).hostname).toBe('wiki.acme.dev');
      }
    });
  });
}
