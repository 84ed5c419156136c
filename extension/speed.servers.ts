// What the extension costs a page: main-thread time of our scripts, by the browser's own profiler. Medians of five, spread in the output.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { type Browsing, chromiumHere, signIn, startBrowser } from './testing/browser.ts';
import { LocalSites } from './testing/local-sites.ts';

const ROUNDS = 5;

(chromiumHere === undefined ? describe.skip : describe)('what the extension costs a page', () => {
  let sites: LocalSites;
  let browsing: Browsing;
  let gateway: Server;
  let page: Page;
  let session: CDPSession;

  beforeAll(async () => {
    sites = await LocalSites.start();
    // Nothing is known: what is measured is the loader alone.
    gateway = createServer((request, reply) => {
      reply.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*, authorization');
      if (request.method === 'OPTIONS') return reply.end();
      if (request.url === '/config')
        return reply.end(
          JSON.stringify({
            adapters: [{ name: 'github', enabled: true, urls: [], description: '' }],
            customDomains: [],
          }),
        );
      reply.setHeader('content-type', 'text/event-stream');
      reply.end('event: expected\ndata: {"integrations":[]}\n\nevent: done\ndata: {}\n\n');
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    browsing = await startBrowser(sites.rules);
    await signIn(browsing, `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`, 'a token');
    page = await browsing.context.newPage();
    session = await page.context().newCDPSession(page);
    await session.send('Profiler.enable');
    await session.send('Profiler.setSamplingInterval', { interval: 100 });
  }, 60_000);
  afterAll(async () => {
    await browsing?.stop();
    gateway?.close();
    sites?.stop();
  });

  /** Milliseconds that scripts of ours were on the page's main thread while `act` ran. */
  const costOf = async (act: () => Promise<unknown>): Promise<number> => {
    await session.send('Profiler.start');
    await act();
    const { profile } = await session.send('Profiler.stop');
    const ours = new Set<number>();
    const mark = (ids: number[] | undefined, isOurs: boolean) => {
      for (const id of ids ?? []) {
        const node = byId.get(id)!;
        const isIn = isOurs || node.callFrame.url.startsWith('chrome-extension://');
        if (isIn) ours.add(id);
        mark(node.children, isIn);
      }
    };
    const byId = new Map(profile.nodes.map((node) => [node.id, node]));
    mark([profile.nodes[0]!.id], false);
    const deltas = profile.timeDeltas ?? [];
    return (profile.samples ?? []).reduce((sum, id, at) => sum + (ours.has(id) ? (deltas[at + 1] ?? 0) : 0), 0) / 1_000;
  };
  const median = async (what: string, act: () => Promise<unknown>): Promise<number> => {
    const costs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) costs.push(await costOf(act));
    costs.sort((a, b) => a - b);
    process.stdout.write(`${what}: ${costs.map((cost) => cost.toFixed(1)).join(', ')} ms\n`);
    return costs[2]!;
  };
  const quiet = () => page.waitForTimeout(700);
  const open = () => page.goto('https://github.com/acme/webshop');

  it('is under 15 ms on load, before anything is shown', async () => {
    const cost = await median('load', async () => {
      await open();
      await quiet();
    });
    expect(cost).toBeLessThan(15);
    expect(await page.locator('html > div').count()).toBe(0);
  });

  it('is under 5 ms for a navigation', async () => {
    await open();
    await quiet();
    let isAtIssues = false;
    const cost = await median('navigation', async () => {
      isAtIssues = !isAtIssues;
      await page.getByRole('link', { name: isAtIssues ? 'Issues' : 'Actions' }).click();
      await quiet();
    });
    expect(cost).toBeLessThan(5);
  });

  it('is under 50 ms altogether for ten thousand changes', async () => {
    await open();
    await quiet();
    const cost = await median('10,000 changes', () =>
      page.evaluate(async () => {
        const box = document.body.appendChild(document.createElement('p'));
        for (let batch = 0; batch < 100; batch++) {
          for (let each = 0; each < 100; each++) box.append(document.createElement('i'));
          await new Promise((resolve) => setTimeout(resolve));
        }
        box.remove();
        await new Promise((resolve) => setTimeout(resolve, 400));
      }),
    );
    expect(cost).toBeLessThan(50);
  }, 120_000);

  it('is under 120 kB of scripts, compressed', () => {
    const sizes = ['loader.js', 'bar.js'].map(
      (file) => gzipSync(readFileSync(join(import.meta.dirname, 'dist/chrome-mv3', file))).length,
    );
    process.stdout.write(`loader, bar: ${sizes.join(', ')} bytes, compressed\n`);
    expect(sizes[0]! + sizes[1]!).toBeLessThan(120_000);
  });
});
