import { ProcessMemory } from './process-memory.ts';

const setUp = (bytes = 10_000_000) => new IntegrationMemory(bytes);

describe('IntegrationMemory', () => {
  it('keeps values apart by code, viewer scope and key', () => {
    const memory = setUp();
    memory.remember('digest-a', 'org', 'key', 1, 60);
    for (const [digest, scope, key] of [
      ['digest-b', 'org', 'key'],
      ['digest-a', 'token:anna', 'key'],
      ['digest-a', 'org', 'other'],
    ] as const)
      expect(memory.recall(digest, scope, key)).toBeUndefined();
    expect(memory.recall('digest-a', 'org', 'key')).toBe(1);
  });

  it('does not mix scope and key, whatever they hold', () => {
    const memory = setUp();
    memory.remember('d', 'org', '","x', 'mine', 60);
    expect(memory.recall('d', 'org","', 'x')).toBeUndefined();
    memory.remember('d', 'org', '__proto__', 'kept', 60);
    expect(memory.recall('d', 'org', '__proto__')).toBe('kept');
  });

  it('gives back a copy: changing it changes nothing that is kept', () => {
    const memory = setUp();
    const value = { list: [1] };
    memory.remember('d', 'org', 'k', value, 60);
    value.list.push(2);
    (memory.recall('d', 'org', 'k') as { list: number[] }).list.push(3);
    expect(memory.recall('d', 'org', 'k')).toEqual({ list: [1] });
  });

  it('tells null from nothing', () => {
    const memory = setUp();
    memory.remember('d', 'org', 'k', null, 60);
    expect(memory.recall('d', 'org', 'k')).toBeNull();
  });

  it('forgets when the time is up, and at once for no time or no value', async () => {
    const memory = setUp();
    memory.remember('d', 'org', 'k', 1, 0.02);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(memory.recall('d', 'org', 'k')).toBeUndefined();
    memory.remember('d', 'org', 'k', 1, 60);
    memory.remember('d', 'org', 'k', undefined, 60);
    expect(memory.recall('d', 'org', 'k')).toBeUndefined();
  });

  it('refuses a value that is too large', () => {
    expect(() => setUp().remember('d', 'org', 'k', 'x'.repeat(100_001), 60)).toThrow('larger than');
  });

  it('lets one integration fill no more than its own box', () => {
    const memory = setUp();
    memory.remember('quiet', 'org', 'k', 'here', 60);
    for (let n = 0; n < 200; n++) memory.remember('greedy', 'org', `k${n}`, 'x'.repeat(90_000), 60);
    expect(memory.usedBytes()).toBeLessThan(1_100_000);
    expect(memory.recall('quiet', 'org', 'k')).toBe('here');
    expect(memory.recall('greedy', 'org', 'k199')).toBeDefined();
  });

  it('stays within the budget of all', () => {
    const memory = setUp(500_000);
    for (let n = 0; n < 50; n++) memory.remember(`digest-${n}`, 'org', 'k', 'x'.repeat(50_000), 60);
    expect(memory.usedBytes()).toBeLessThanOrEqual(500_000);
    expect(memory.recall('digest-49', 'org', 'k')).toBeDefined();
  });
});
