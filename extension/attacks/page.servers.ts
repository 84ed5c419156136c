// Pages, and who has broken into their processes, against the built extension in real Chromium.
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { integration, TOKEN } from '../../e2e/product.ts';
import { type Browsing, chromiumHere } from '../testing/browser.ts';
import { ExtensionAtWork } from '../testing/extension-at-work.ts';
import type { GatewayDoor } from '../testing/gateway-door.ts';
import { InsideWorld } from '../testing/inside-world.ts';
import type { LocalSites } from '../testing/local-sites.ts';
import type { SeenBar } from '../testing/seen-bar.ts';

const SECRET = 'Incident in the vault';
const WIKI = 'https://wiki.acme.dev/page';

(chromiumHere === undefined ? describe.skip : describe)('a page that means harm', () => {
  const extension = new ExtensionAtWork();
  let sites: LocalSites;
  let browsing: Browsing;
  let door: GatewayDoor;
  let page: Page;
  let bar: SeenBar;

  beforeAll(async () => {
    await extension.start({
      'secret.integration.js': integration(
        'secret-thing',
        `return [
          { type: 'link', content: '${SECRET}', href: 'https://acme.dev/incident', tooltip: 'to be whispered' },
          { type: 'dropdown', content: 'More', items: [{ content: 'Item', href: 'https://acme.dev/' }] },
        ];`,
      )
        .replace("contextType: 'github'", "contextType: 'generic'")
        .replace("'page.repository': { exists: true }", "url: { startsWith: 'https://wiki.acme.dev/' }"),
    });
    ({ sites, browsing, door } = extension);
  }, 90_000);
  afterAll(() => extension.stop());
  beforeEach(async () => {
    ({ page, bar } = await extension.newTab());
  });
  afterEach(() => page.close());

  const visit = async (body: string, head = '') => {
    sites.draw('wiki.acme.dev', `<!doctype html><html><head>${head}</head><body>${body}<p>a page</p></body></html>`);
    await page.goto(WIKI);
    await bar.find('link', SECRET);
  };

  it('does not read the bar, by whatever way', async () => {
    await visit('');
    await page.keyboard.press('Control+a');
    const read = await page.evaluate(() => {
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
    await visit('');
    const find = (text: string) =>
      page.evaluate((text) => (window as unknown as { find(text: string): boolean }).find(text), text);
    expect(await find('a page')).toBe(true);
    expect(await find(SECRET)).toBe(false);
  });

  it('does not take what our world is made of', async () => {
    await visit(
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
    const taken = await page.evaluate(() => (window as unknown as { taken: string[] }).taken);
    expect(taken.join()).not.toContain('Incident');
    expect(taken).not.toContain('root');
    expect(await bar.isThere('button', /^Move the bar/)).toBe(false);
  });

  it('does not restyle, move, fade or hide it', async () => {
    const picture = async () => {
      const { x, y, width, height } = await bar.box(await bar.find('toolbar', /known/));
      await page.mouse.move(600, 400);
      return (await page.screenshot({ clip: { x, y, width, height } })).toString('base64');
    };
    await visit('');
    const calm = await picture();
    await visit(
      '',
      `<style>
        * { color: red !important; font: 30px serif !important; letter-spacing: 9px !important; visibility: hidden !important; text-transform: uppercase !important; }
        html > div { display: none !important; opacity: 0 !important; transform: translateY(300px) scale(0.1) !important; position: fixed !important; filter: blur(9px) !important; clip-path: inset(50%) !important; pointer-events: none !important; z-index: -1 !important; animation: away 1s infinite !important; content-visibility: hidden !important; zoom: 0.1 !important; }
        @keyframes away { to { opacity: 0; } }
        :root { --surface: red; --text: red; }
      </style>`,
    );
    await page.evaluate(() => {
      for (const host of document.querySelectorAll<HTMLElement>('html > div')) {
        host.style.cssText = 'display: none !important; opacity: 0 !important; top: 400px !important';
        host.hidden = true;
        host.inert = false;
        host.animate([{ opacity: 0 }, { opacity: 0 }], { duration: 1e6, fill: 'both' });
        host.innerHTML = '<p>mine</p>';
      }
    });
    expect(await picture()).toBe(calm);
  });

  it('that takes it out again and again does not hang, and does not keep us busy', async () => {
    await visit('');
    await page.evaluate(() => {
      const window_ = window as unknown as { removals: number };
      window_.removals = 0;
      new MutationObserver(() => {
        for (const host of document.querySelectorAll('html > div')) {
          window_.removals++;
          host.remove();
        }
      }).observe(document.documentElement, { childList: true });
      document.querySelector('html > div')?.remove();
    });
    await wait(500);
    expect(await page.evaluate(() => (window as unknown as { removals: number }).removals)).toBeLessThanOrEqual(11);
  });

  it('is not heard by the extension, and cannot tell that it is there by its files', async () => {
    await visit('');
    const heard = await page.evaluate(async (root) => {
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
    }, browsing.root);
    expect(heard).toEqual({ runtime: undefined, files: [] });
    await wait(200);
    await bar.find('link', SECRET);
  });

  it('cannot frame the settings, nor the pages where the bar is', async () => {
    await visit(
      `<iframe src="${browsing.root}/options.html"></iframe><iframe src="https://github.com/acme/webshop"></iframe>`,
    );
    await wait(500);
    const frames = page.frames().map((frame) => frame.url());
    expect(frames.filter((url) => url.startsWith(browsing.root))).toEqual([]);
    const inner = page.frames().find((frame) => frame.url().startsWith('https://github.com'));
    expect(await inner?.evaluate(() => document.querySelectorAll('html > div').length)).toBe(0);
  });

  it('cannot press what is in the bar, nor hear what is typed there by listening as shortcuts do', async () => {
    await visit(
      '',
      `<script>
        window.heard = [];
        for (const name of ['keydown', 'keyup', 'keypress', 'input', 'beforeinput']) document.addEventListener(name, (event) => heard.push(event.key ?? event.data));
        window.opened = 0; const open = window.open; window.open = (...args) => { window.opened++; return open(...args); };
      </script>`,
    );
    const tabs = browsing.context.pages().length;
    await page.evaluate(() => {
      for (const host of document.querySelectorAll<HTMLElement>('html > div')) {
        host.click();
        host.focus();
        for (const name of ['click', 'pointerdown', 'pointerup', 'keydown'])
          host.dispatchEvent(new MouseEvent(name, { bubbles: true, composed: true, clientX: 60, clientY: 18 }));
      }
      document.elementFromPoint(60, 18)?.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    });
    await wait(200);
    expect(browsing.context.pages()).toHaveLength(tabs);
    await bar.focus('button', 'More');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('ite');
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
  });

  it('that covers the bar to catch a press gets no link opened', async () => {
    await visit('');
    const link = await bar.box(await bar.find('link', SECRET));
    await page.evaluate(() => {
      const cover = document.body.appendChild(document.createElement('div'));
      cover.textContent = 'Press here to win';
      cover.style.cssText =
        'position: fixed; inset: 0 0 auto 0; height: 60px; background: gold; z-index: 2147483647; pointer-events: none';
    });
    await wait(400);
    const tabs = browsing.context.pages().length;
    await page.mouse.click(link.x + 20, link.y + 12);
    await wait(300);
    expect(browsing.context.pages()).toHaveLength(tabs);
    await bar.find('StaticText', /lies over the bar/);
    await page.evaluate(() => document.body.lastElementChild?.remove());
    await wait(600);
    const opened = browsing.context.waitForEvent('page');
    await page.mouse.click(link.x + 20, link.y + 12);
    await (await opened).close();
  });

  it('that changes ten thousand times asks once', async () => {
    await visit('');
    const { questions } = door;
    await page.evaluate(async () => {
      for (let batch = 0; batch < 100; batch++) {
        for (let each = 0; each < 100; each++) document.body.append(document.createElement('i'));
        await new Promise((resolve) => setTimeout(resolve));
      }
    });
    await wait(600);
    expect(door.questions).toBe(questions);
  }, 60_000);

  it('has the token nowhere in its reach', async () => {
    const seen: string[] = [];
    page.on('request', (request) => seen.push(request.url() + JSON.stringify(request.headers())));
    await visit('');
    const inside = await InsideWorld.of(page);
    expect(seen.join()).not.toContain(TOKEN);
    expect(await inside.run('return JSON.stringify(await chrome.storage.local.get())')).toMatch(
      /^threw: .*not allowed/,
    );
    expect(await inside.run('return JSON.stringify(await chrome.storage.session.get())')).toMatch(
      /^threw: .*not allowed/,
    );
  });

  it.each([
    ['sign-in.read', '{ profile: "x" }'],
    ['sign-in.begin', '{ profile: "x", redirect: "https://evil.dev/" }'],
    ['sign-in.finish', '{ profile: "x", address: "https://evil.dev/?code=x" }'],
    ['sign-in.paste', '{ profile: "x", token: "mine" }'],
    ['sign-in.out', '{ profile: "x" }'],
    ['profiles.remove', '{ profile: "x" }'],
    ['gateway.check', '{ profile: "x" }'],
    ['providers.read', '{}'],
    ['constructor', '{}'],
    ['__proto__', '{}'],
  ])('learns nothing by asking for %s, even from within its process', async (name, ask) => {
    await visit('');
    const inside = await InsideWorld.of(page);
    const reply = await inside.run(
      `return JSON.stringify(await chrome.runtime.sendMessage({ ...${ask}, name: '${name}' })) ?? 'nothing'`,
    );
    expect(reply).toMatch(/^(nothing|null)$/);
  });

  it('is told no address of a gateway, even within its process', async () => {
    await visit('');
    const inside = await InsideWorld.of(page);
    const told = await inside.run(`return JSON.stringify(await chrome.runtime.sendMessage({ name: 'page.begin' }))`);
    expect(told).toContain('isOn');
    expect(told).not.toMatch(/127\.0\.0\.1|http:|token/);
  });

  it('asks in nobody else’s name, even from within its process', async () => {
    await visit('');
    const inside = await InsideWorld.of(page);
    const { questions } = door;
    const end = await inside.run(`
      const port = chrome.runtime.connect({ name: 'question' });
      const messages = [];
      port.onMessage.addListener((message) => messages.push(message));
      const ended = new Promise((resolve) => port.onDisconnect.addListener(() => resolve('left')));
      port.postMessage({ context: { type: 'github', url: 'https://github.com/acme/secret', page: { repository: 'acme/secret' } } });
      return (await ended) + messages.length;`);
    expect(end).toBe('left0');
    expect(door.questions).toBe(questions);
  });
});
