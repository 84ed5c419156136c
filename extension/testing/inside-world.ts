/** What somebody can do who has broken into a page's process: speak as our content script does. */
import type { CDPSession, Page } from 'playwright-core';

export class InsideWorld {
  private constructor(
    private readonly session: CDPSession,
    private readonly contextId: number,
  ) {}

  static async of(page: Page): Promise<InsideWorld> {
    const session = await page.context().newCDPSession(page);
    const worlds: { id: number; origin: string }[] = [];
    session.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context));
    await session.send('Runtime.enable');
    const ours = worlds.find(({ origin }) => origin.startsWith('chrome-extension://'));
    if (ours === undefined) throw new Error('no content script of ours in this page');
    return new InsideWorld(session, ours.id);
  }

  /** @returns what the program gives back, or what it throws as `threw: ...` */
  async run(program: string): Promise<unknown> {
    const { result } = await this.session.send('Runtime.evaluate', {
      contextId: this.contextId,
      expression: `(async () => { ${program} })().catch((error) => 'threw: ' + error.message)`,
      awaitPromise: true,
      returnByValue: true,
    });
    return result.value;
  }
}
