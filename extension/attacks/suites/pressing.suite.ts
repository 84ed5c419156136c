import { setTimeout as sleep } from 'node:timers/promises';
import { type PageUnderAttack, SECRET } from './page-under-attack.ts';

export function pressingSuite(at: PageUnderAttack): void {
  describe('a page that means harm, and wants a press', () => {
    it('cannot press what is in the bar, nor hear what is typed there by listening as shortcuts do', async () => {
      await at.visit(
        '',
        `<script>
          window.heard = [];
          for (const name of ['keydown', 'keyup', 'keypress', 'input', 'beforeinput']) document.addEventListener(name, (event) => heard.push(event.key ?? event.data));
          window.opened = 0; const open = window.open; window.open = (...args) => { window.opened++; return open(...args); };
        </script>`,
      );
      const tabs = at.browsing.context.pages().length;
      await at.page.evaluate(() => {
        for (const host of document.querySelectorAll<HTMLElement>('html > div')) {
          host.click();
          host.focus();
          for (const name of ['click', 'pointerdown', 'pointerup', 'keydown'])
            host.dispatchEvent(new MouseEvent(name, { bubbles: true, composed: true, clientX: 60, clientY: 18 }));
        }
        document.elementFromPoint(60, 18)?.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
      });
      await sleep(200);
      expect(at.browsing.context.pages()).toHaveLength(tabs);
      await at.bar.focus('button', 'More');
      await at.page.keyboard.press('ArrowDown');
      await at.page.keyboard.type('ite');
      expect(await at.page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([]);
    });

    it('that covers the bar to catch a press gets no link opened', async () => {
      await at.visit('');
      const link = await at.bar.box(await at.bar.find('link', SECRET));
      await at.page.evaluate(() => {
        const cover = document.body.appendChild(document.createElement('div'));
        cover.textContent = 'Press here to win';
        cover.style.cssText =
          'position: fixed; inset: 0 0 auto 0; height: 60px; background: gold; z-index: 2147483647; pointer-events: none';
      });
      await sleep(400);
      const tabs = at.browsing.context.pages().length;
      await at.page.mouse.click(link.x + 20, link.y + 12);
      await sleep(300);
      expect(at.browsing.context.pages()).toHaveLength(tabs);
      await at.bar.find('StaticText', /lies over the bar/);
      await at.page.evaluate(() => document.body.lastElementChild?.remove());
      await sleep(600);
      const opened = at.browsing.context.waitForEvent('page');
      await at.page.mouse.click(link.x + 20, link.y + 12);
      await (await opened).close();
    });
  });
}
