import { CLOCK_SKEW_MS } from '@fingerpost/contracts';
import { AdmitTicket } from './admit-ticket.ts';

const admitAt = (now: number, expiresAt: unknown) =>
  new AdmitTicket({ verify: async () => ({ jti: 'j', expiresAt }) as never }, () => now).admit('envelope');

describe('a ticket', () => {
  it('lasts until its time is up, allowing for clocks that differ', async () => {
    await expect(admitAt(1_000_000, 1_000_001 - CLOCK_SKEW_MS)).resolves.toMatchObject({ jti: 'j' });
    await expect(admitAt(1_000_000, 1_000_000 - CLOCK_SKEW_MS)).rejects.toMatchObject({ code: 'ticket.spent' });
  });

  it.each([undefined, 'never', Number.NaN])('that ends at %s has ended', async (expiresAt) => {
    await expect(admitAt(1_000_000, expiresAt)).rejects.toMatchObject({ code: 'ticket.spent' });
  });
});
