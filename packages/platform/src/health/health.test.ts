import { Health } from './health.ts';

describe('health', () => {
  it('is ready when nothing is needed', async () => {
    expect(await new Health().report()).toEqual({ isReady: true, checks: {} });
  });

  it('names what is there and what is not', async () => {
    const health = new Health();
    health.add('bus', () => {});
    health.add('database', async () => {
      throw new Error('The database does not answer.');
    });
    health.add('odd', () => {
      throw 'not an error';
    });
    expect(await health.report()).toEqual({
      isReady: false,
      checks: { bus: 'ok', database: 'The database does not answer.', odd: 'failed' },
    });
  });

  it('is ready again when what was missing is back', async () => {
    let isThere = false;
    const health = new Health();
    health.add('registry', () => {
      if (!isThere) throw new Error('Not yet.');
    });
    expect((await health.report()).isReady).toBe(false);
    isThere = true;
    expect((await health.report()).isReady).toBe(true);
  });

  it('names what only some answers need, and is ready without it', async () => {
    const health = new Health();
    health.watch('secret store', () => {
      throw new Error('Vault is sealed.');
    });
    expect(await health.report()).toEqual({ isReady: true, checks: { 'secret store': 'Vault is sealed.' } });
  });

  it('is not ready from the moment it closes', async () => {
    const health = new Health();
    health.add('bus', () => {});
    health.startClosing();
    expect(await health.report()).toEqual({ isReady: false, checks: { bus: 'ok', life: 'closing' } });
  });
});
