import type { Worker } from 'playwright-core';

interface Chrome {
  tabs: {
    query(by: object): Promise<{ id: number }[]>;
    sendMessage(id: number, message: object): Promise<void>;
  };
}

/** The browser hears the key for it itself; this is what the worker does then. */
export const focusBar = (worker: Worker): Promise<void> =>
  worker.evaluate(async () => {
    const { tabs } = (globalThis as unknown as { chrome: Chrome }).chrome;
    for (const { id } of await tabs.query({})) await tabs.sendMessage(id, { name: 'focus-bar' }).catch(() => {});
  });
