import { listRecords } from './redis-list.ts';

describe('a Redis that means harm', () => {
  it('keeps nobody busy for ever who asks for a list: with the same names again and again, or one record at a time', async () => {
    let asked = 0;
    const names = Array.from({ length: 20_000 }, (_, n) => Buffer.from(`n${n}`));
    const redis = { evalBuffer: async (script: string) => (script.includes('ZRANGE') ? names : [Buffer.from('x')]) };
    const ask = (async (send: (redis: object) => Promise<unknown>) => {
      if (++asked > 50_000) throw new Error('asked for ever');
      return await send(redis);
    }) as Parameters<typeof listRecords>[0];
    expect(await Array.fromAsync(listRecords(ask, 'index', 0))).toHaveLength(20_000);
  });
});
