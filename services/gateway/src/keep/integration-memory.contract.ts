import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@fingerpost/contracts';
import type { IntegrationMemory } from './integration-memory.ts';

/** What every place promises where integrations remember. */
export function integrationMemoryContract(
  name: string,
  makeMemory: () => Promise<{ memory: IntegrationMemory; close?: () => Promise<void> }>,
): void {
  describe(`${name} as what integrations remember`, () => {
    let made: Awaited<ReturnType<typeof makeMemory>>;
    beforeEach(async () => {
      made = await makeMemory();
    });
    afterEach(() => made.close?.());
    const recall = (digest: string, scope: string, key: string) => made.memory.recall(digest, scope, key);
    const remember = (digest: string, scope: string, key: string, value: Json | undefined, ttlSeconds = 60) =>
      made.memory.remember(digest, scope, key, value, ttlSeconds);

    it('keeps values apart by code, viewer scope and key', async () => {
      await remember('digest-a', 'org', 'key', 1);
      for (const [digest, scope, key] of [
        ['digest-b', 'org', 'key'],
        ['digest-a', 'token:anna', 'key'],
        ['digest-a', 'org', 'other'],
      ] as const)
        expect(await recall(digest, scope, key)).toBeUndefined();
      expect(await recall('digest-a', 'org', 'key')).toBe(1);
    });

    it('does not mix scope and key, whatever they hold', async () => {
      await remember('d', 'org', '","x', 'mine');
      expect(await recall('d', 'org","', 'x')).toBeUndefined();
      for (const key of ['__proto__', '#', '', 'ünï©ode', 'k'.repeat(1_000)]) {
        await remember('d', 'org', key, `of ${key}`);
        expect(await recall('d', 'org', key)).toBe(`of ${key}`);
      }
    });

    it('gives back what was remembered last, as a copy', async () => {
      const value = { list: [1] };
      await remember('d', 'org', 'k', 'before');
      await remember('d', 'org', 'k', value);
      value.list.push(2);
      ((await recall('d', 'org', 'k')) as { list: number[] }).list.push(3);
      expect(await recall('d', 'org', 'k')).toEqual({ list: [1] });
    });

    it('tells null from nothing', async () => {
      await remember('d', 'org', 'k', null);
      expect(await recall('d', 'org', 'k')).toBeNull();
    });

    it('forgets when the time is up, and at once for no time or no value', async () => {
      await remember('d', 'org', 'lasting', 1);
      await remember('d', 'org', 'k', 1, 0.02);
      await sleep(60);
      expect(await recall('d', 'org', 'k')).toBeUndefined();
      await remember('d', 'org', 'k', 1);
      await remember('d', 'org', 'k', undefined);
      expect(await recall('d', 'org', 'k')).toBeUndefined();
      await remember('d', 'org', 'k', 1);
      await remember('d', 'org', 'k', 2, 0);
      expect(await recall('d', 'org', 'k')).toBeUndefined();
      expect(await recall('d', 'org', 'lasting')).toBe(1);
    });

    it('refuses a value that is too large', async () => {
      await remember('d', 'org', 'k', 'x'.repeat(99_998));
      await expect(remember('d', 'org', 'k', 'x'.repeat(99_999))).rejects.toMatchObject({ code: 'request.too_large' });
    });

    it('lets one integration fill no more than its own box, and has what came last', async () => {
      await remember('quiet', 'org', 'k', 'here');
      for (let n = 0; n < 200; n++) await remember('greedy', 'org', `k${n}`, 'x'.repeat(45_000));
      const kept = await Promise.all(Array.from({ length: 200 }, (_, n) => recall('greedy', 'org', `k${n}`)));
      const bytes = kept.filter((value) => value !== undefined).length * 45_000;
      expect(bytes).toBeGreaterThan(400_000);
      expect(bytes).toBeLessThan(1_000_000);
      expect(kept.at(-1)).toBeDefined();
      expect(await recall('quiet', 'org', 'k')).toBe('here');
    });
  });
}
