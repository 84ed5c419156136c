import { planMemory } from './plan-memory.ts';

describe('memory of sandbox processes', () => {
  it('is the usual one where there is enough', () => {
    expect(planMemory(2, undefined, 16_000)).toBe(1_500);
  });

  it('is shared out where there is little: all of them together stay below what there is', () => {
    const mb = planMemory(2, undefined, 2_400);
    expect(8 * mb).toBeLessThanOrEqual(2_400 - 400);
  });

  it('is what was asked for, or a clear word', () => {
    expect(planMemory(1, 300, 3_000)).toBe(300);
    expect(() => planMemory(4, 1_500, 4_000)).toThrow(
      'do not fit into the 4000 MB that there are; set it to 360 at most, or have fewer by FINGERPOST_SANDBOXES',
    );
    expect(() => planMemory(4, undefined, 1_000)).toThrow('give it more memory, or have fewer');
  });
});
