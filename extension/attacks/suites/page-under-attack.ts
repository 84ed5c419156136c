import type { Page } from 'playwright-core';
import { integration } from '../../../e2e/product.ts';
import type { Browsing } from '../../testing/browser.ts';
import { ExtensionAtWork } from '../../testing/extension-at-work.ts';
import type { GatewayDoor } from '../../testing/gateway-door.ts';
import type { LocalSites } from '../../testing/local-sites.ts';
import type { SeenBar } from '../../testing/seen-bar.ts';

/** What no page is to learn. */
export const SECRET = 'Incident in the vault';
export const WIKI = 'https://wiki.acme.dev/page';

const insights = `return [
  { type: 'link', content: '${SECRET}', href: 'https://acme.dev/incident', tooltip: 'to be whispered' },
  { type: 'dropdown', content: 'More', items: [{ content: 'Item', href: 'https://acme.dev/' }] },
];`;

/** A page of the company's with something to hide in the bar; for the attacks it is drawn as its attacker likes. */
export class PageUnderAttack {
  private readonly extension = new ExtensionAtWork();
  page!: Page;
  bar!: SeenBar;

  get sites(): LocalSites {
    return this.extension.sites;
  }

  get browsing(): Browsing {
    return this.extension.browsing;
  }

  get door(): GatewayDoor {
    return this.extension.door;
  }

  start(): Promise<void> {
    return this.extension.start({
      'secret.integration.js': integration('secret-thing', insights)
        .replace("contextType: 'github'", "contextType: 'generic'")
        .replace("'page.repository': { exists: true }", "url: { startsWith: 'https://wiki.acme.dev/' }"),
      'repository.integration.js': integration(
        'repository',
        `return [{ type: 'text', content: 'Of ' + context.page.repository }];`,
      ),
    });
  }

  stop(): Promise<void> {
    return this.extension.stop();
  }

  async enter(): Promise<void> {
    Object.assign(this, await this.extension.newTab());
  }

  async visit(body: string, head = ''): Promise<void> {
    const html = `<!doctype html><html><head>${head}</head><body>${body}<p>a page</p></body></html>`;
    this.sites.draw('wiki.acme.dev', html);
    await this.page.goto(WIKI);
    await this.bar.find('link', SECRET);
  }
}
