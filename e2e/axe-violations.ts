import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds fault with on that page, or in its first element of that selector. */
export async function axeViolations(page: Page, within = 'html'): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async (within) => {
    const { run } = (window as unknown as { axe: typeof import('axe-core') }).axe;
    const { violations } = await run(document.querySelector(within)!);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, within);
}
