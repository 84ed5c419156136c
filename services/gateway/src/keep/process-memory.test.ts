import { integrationMemoryContract } from './integration-memory.contract.ts';
import { ProcessMemory } from './process-memory.ts';

integrationMemoryContract('this process', async () => ({ memory: new ProcessMemory(10_000_000) }));

describe('the memory of this process', () => {
  it('lets the least recently used of a box go', async () => {
    const memory = new ProcessMemory(10_000_000);
    for (let n = 0; n < 30; n++) {
      await memory.remember('d', 'org', `k${n}`, 'x'.repeat(45_000), 60);
      await memory.recall('d', 'org', 'k0');
    }
    expect(await memory.recall('d', 'org', 'k0')).toBeDefined();
    expect(await memory.recall('d', 'org', 'k1')).toBeUndefined();
  });

  it('stays within the budget of all', async () => {
    const memory = new ProcessMemory(500_000);
    for (let n = 0; n < 50; n++) await memory.remember(`digest-${n}`, 'org', 'k', 'x'.repeat(50_000), 60);
    expect(memory.usedBytes()).toBeLessThanOrEqual(500_000);
    expect(await memory.recall('digest-49', 'org', 'k')).toBeDefined();
  });
});
