// Whoever has broken into a page's process speaks as our content script does.
import { TOKEN } from '../../../e2e/product.ts';
import { InsideWorld } from '../../testing/inside-world.ts';
import type { PageUnderAttack } from './page-under-attack.ts';

export function insideSuite(at: PageUnderAttack): void {
  describe('whoever is inside a page’s process', () => {
    it('has the token nowhere in its reach', async () => {
      const seen: string[] = [];
      at.page.on('request', (request) => seen.push(request.url() + JSON.stringify(request.headers())));
      await at.visit('');
      const inside = await InsideWorld.of(at.page);
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
      await at.visit('');
      const inside = await InsideWorld.of(at.page);
      const reply = await inside.run(
        `return JSON.stringify(await chrome.runtime.sendMessage({ ...${ask}, name: '${name}' })) ?? 'nothing'`,
      );
      expect(reply).toMatch(/^(nothing|null)$/);
    });

    it('is told no address of a gateway, even within its process', async () => {
      await at.visit('');
      const inside = await InsideWorld.of(at.page);
      const told = await inside.run(`return JSON.stringify(await chrome.runtime.sendMessage({ name: 'page.begin' }))`);
      expect(told).toContain('isOn');
      expect(told).not.toMatch(/127\.0\.0\.1|http:|token/);
    });

    it('asks in nobody else’s name, even from within its process', async () => {
      await at.visit('');
      const inside = await InsideWorld.of(at.page);
      const { questions } = at.door;
      const end = await inside.run(`
        const port = chrome.runtime.connect({ name: 'question' });
        const messages = [];
        port.onMessage.addListener((message) => messages.push(message));
        const ended = new Promise((resolve) => port.onDisconnect.addListener(() => resolve('left')));
        port.postMessage({ context: { type: 'github', url: 'https://github.com/acme/secret', page: { repository: 'acme/secret' } } });
        return (await ended) + messages.length;`);
      expect(end).toBe('left0');
      expect(at.door.questions).toBe(questions);
    });
  });
}
