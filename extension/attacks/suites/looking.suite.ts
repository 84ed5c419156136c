import { setTimeout as sleep } from 'node:timers/promises';
import { type PageUnderAttack, SECRET } from './page-under-attack.ts';

export function lookingSuite(at: PageUnderAttack): void {
  describe('a page that means harm, and looks', () => {
    it('does not read the bar, by whatever way', async () => {
      await at.visit('');
      await at.page.keyboard.press('Control+a');
      const read = await at.page.evaluate(() => {
        const all = [...document.querySelectorAll('*')];
        const range = document.createRange();
        range.selectNode(document.documentElement);
        return [
          document.documentElement.outerHTML,
          // biome-ignore lint/performance/useDomNodeTextContent: this way of reading is meant
          document.documentElement.innerText,
          document.documentElement.textContent,
          String(getSelection()),
          String(range),
          new XMLSerializer().serializeToString(document),
          document.documentElement.getHTML?.({ serializableShadowRoots: true }),
          ...all.map((each) => each.shadowRoot?.innerHTML),
          ...all.map((each) =>
            each
              .getAttributeNames()
              .map((name) => each.getAttribute(name))
              .join(),
          ),
          document
            .elementsFromPoint(60, 18)
            .map((each) => each.outerHTML)
            .join(),
        ].join('\n');
      });
      expect(read).not.toContain('Incident');
    });

    it('does not find out by searching what the bar says', async () => {
      await at.visit('');
      const find = (text: string) =>
        at.page.evaluate((text) => (window as unknown as { find(text: string): boolean }).find(text), text);
      expect(await find('a page')).toBe(true);
      expect(await find(SECRET)).toBe(false);
    });

    it('does not take what our world is made of', async () => {
      await at.visit(
        '',
        `<script>
          window.taken = [];
          const attach = Element.prototype.attachShadow;
          Element.prototype.attachShadow = function (init) { window.taken.push('root'); return attach.call(this, { ...init, mode: 'open' }); };
          for (const [owner, name] of [[Array.prototype, 'map'], [JSON, 'stringify'], [JSON, 'parse'], [Map.prototype, 'set'], [Node.prototype, 'appendChild'], [EventTarget.prototype, 'addEventListener'], [Promise.prototype, 'then']]) {
            const real = owner[name];
            owner[name] = function (...args) { try { window.taken.push(String(args[0]?.content ?? args[0])); } catch {} return real.apply(this, args); };
          }
          Object.defineProperty(Object.prototype, 'isFloating', { get() { return true; } });
          Object.defineProperty(Object.prototype, 'href', { get() { return 'https://evil.dev/'; } });
          customElements.define = () => {};
          document.createElement = () => { window.taken.push('element'); return document.body; };
        </script>`,
      );
      const taken = await at.page.evaluate(() => (window as unknown as { taken: string[] }).taken);
      expect(taken.join()).not.toContain('Incident');
      expect(taken).not.toContain('root');
      expect(await at.bar.isThere('button', /^Move the bar/)).toBe(false);
    });

    it('is not heard by the extension, and cannot tell that it is there by its files', async () => {
      await at.visit('');
      const heard = await at.page.evaluate(async (root) => {
        for (const message of [
          { name: 'sign-in.read', profile: 'x' },
          { isOver: true },
          { name: 'settings-changed' },
          'x',
        ])
          window.postMessage(message, '*');
        for (const name of ['fingerpost', 'wxt:content-script-started', 'page.hide'])
          for (const target of [window, document, ...document.querySelectorAll('html > div')])
            target.dispatchEvent(new CustomEvent(name, { detail: {}, bubbles: true, composed: true }));
        const { chrome } = window as unknown as { chrome?: { runtime?: { sendMessage?: unknown; connect?: unknown } } };
        const files = ['manifest.json', 'options.html', 'bar.js', 'loader.js', 'icon/16.png'].map((file) =>
          fetch(`${root}/${file}`).then(
            () => file,
            () => undefined,
          ),
        );
        return { runtime: chrome?.runtime?.sendMessage, files: (await Promise.all(files)).filter(Boolean) };
      }, at.browsing.root);
      expect(heard).toEqual({ runtime: undefined, files: [] });
      await sleep(200);
      await at.bar.find('link', SECRET);
    });

    it('cannot frame the settings, nor the pages where the bar is', async () => {
      await at.visit(
        `<iframe src="${at.browsing.root}/options.html"></iframe><iframe src="https://github.com/acme/webshop"></iframe>`,
      );
      await sleep(500);
      const frames = at.page.frames().map((frame) => frame.url());
      expect(frames.filter((url) => url.startsWith(at.browsing.root))).toEqual([]);
      const inner = at.page.frames().find((frame) => frame.url().startsWith('https://github.com'));
      expect(await inner?.evaluate(() => document.querySelectorAll('html > div').length)).toBe(0);
    });
  });
}
