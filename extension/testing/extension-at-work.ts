/** The built extension in a browser of its own, signed in to a product of its own, and what a test of it looks at. */
import type { Page } from 'playwright-core';
import { Product, TOKEN } from '../../e2e/product.ts';
import { type Browsing, signIn, startBrowser } from './browser.ts';
import { GatewayDoor } from './gateway-door.ts';
import { LocalSites } from './local-sites.ts';
import { SeenBar } from './seen-bar.ts';

export class ExtensionAtWork {
  sites!: LocalSites;
  product!: Product;
  door!: GatewayDoor;
  browsing!: Browsing;

  async start(files: Record<string, string>, env: NodeJS.ProcessEnv = {}): Promise<void> {
    this.sites = await LocalSites.start();
    this.product = await Product.start(files, env);
    this.door = new GatewayDoor();
    this.door.target = this.product.url;
    await this.door.open();
    this.browsing = await startBrowser(this.sites.rules);
    await signIn(this.browsing, this.door.url, TOKEN);
  }

  async newTab(): Promise<{ page: Page; bar: SeenBar }> {
    const page = await this.browsing.context.newPage();
    return { page, bar: await SeenBar.on(page) };
  }

  /** Whatever has been started: the start may have failed half-way. */
  async stop(): Promise<void> {
    await this.browsing?.stop();
    this.door?.close();
    await this.product?.stop();
    this.sites?.stop();
  }
}
