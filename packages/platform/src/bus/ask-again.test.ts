import { Fault } from '@fingerpost/contracts';
import { askAgain } from './ask-again.ts';

const lost = new Fault('bus.lost', 'gone');

describe('asking again', () => {
  it('goes on until somebody answers, with what is left of the time', async () => {
    const times: number[] = [];
    const ask = async (timeoutMs: number) => {
      times.push(timeoutMs);
      if (times.length === 1) throw lost;
      if (times.length === 2) throw new Fault('bus.nobody_answers', 'nobody');
      return 'here';
    };
    expect(await askAgain(2_000, ask)).toBe('here');
    expect(times).toHaveLength(3);
    expect(times[2]).toBeLessThan(times[0]!);
  });

  it('ends with the last reason when the time is up', async () => {
    const began = performance.now();
    await expect(askAgain(200, () => Promise.reject(lost))).rejects.toBe(lost);
    expect(performance.now() - began).toBeLessThan(400);
  });

  it.each(['bus.timed_out', 'bus.cancelled', 'bus.closed', 'grant.revoked'] as const)(
    'does not begin where the answer is %s',
    async (code) => {
      let times = 0;
      const ask = async () => {
        times++;
        throw new Fault(code, code);
      };
      await expect(askAgain(1_000, ask)).rejects.toMatchObject({ code });
      expect(times).toBe(1);
    },
  );
});
