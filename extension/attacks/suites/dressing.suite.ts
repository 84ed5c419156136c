import { setTimeout as sleep } from 'node:timers/promises';
import type { PageUnderAttack } from './page-under-attack.ts';

export function dressingSuite(at: PageUnderAttack): void {
  describe('a page that means harm, and moves things about', () => {
    it('does not restyle, move, fade or hide it', async () => {
      const picture = async () => {
        const { x, y, width, height } = await at.bar.box(await at.bar.find('toolbar', /known/));
        await at.page.mouse.move(600, 400);
        return (await at.page.screenshot({ clip: { x, y, width, height } })).toString('base64');
      };
      await at.visit('');
      const calm = await picture();
      await at.visit(
        '',
        `<style>
          * { color: red !important; font: 30px serif !important; letter-spacing: 9px !important; visibility: hidden !important; text-transform: uppercase !important; }
          html > div { display: none !important; opacity: 0 !important; transform: translateY(300px) scale(0.1) !important; position: fixed !important; filter: blur(9px) !important; clip-path: inset(50%) !important; pointer-events: none !important; z-index: -1 !important; animation: away 1s infinite !important; content-visibility: hidden !important; zoom: 0.1 !important; }
          @keyframes away { to { opacity: 0; } }
          :root { --surface: red; --text: red; }
        </style>`,
      );
      await at.page.evaluate(() => {
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
      await at.visit('');
      await at.page.evaluate(() => {
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
      await sleep(500);
      expect(await at.page.evaluate(() => (window as unknown as { removals: number }).removals)).toBeLessThanOrEqual(
        11,
      );
    });

    it('that changes ten thousand times asks once', async () => {
      await at.visit('');
      const { questions } = at.door;
      await at.page.evaluate(async () => {
        for (let batch = 0; batch < 100; batch++) {
          for (let each = 0; each < 100; each++) document.body.append(document.createElement('i'));
          await new Promise((resolve) => setTimeout(resolve));
        }
      });
      await sleep(600);
      expect(at.door.questions).toBe(questions);
    }, 60_000);
  });
}
