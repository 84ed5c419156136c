import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Profile } from '../profiles/profiles.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { GatewaySites } from './site-settings.ts';

describe('the sites of a gateway', () => {
  let gateway: Server;
  let profile: Profile;
  let answer: string;
  let asked: number;
  let now: number;
  let sites: GatewaySites;

  beforeEach(async () => {
    [answer, asked, now] = ['{"adapters":[{"name":"github","enabled":true}]}', 0, 0];
    gateway = createServer((_, reply) => {
      asked++;
      reply.end(answer);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => gateway.once('listening', resolve));
    const { port } = gateway.address() as AddressInfo;
    profile = { id: 'one', name: 'One', gateway: `http://127.0.0.1:${port}`, isManaged: false };
    sites = new GatewaySites(memoryStore(), () => now);
  });
  afterEach(() => {
    gateway.closeAllConnections();
    gateway.close();
  });

  const names = async () => (await sites.read(profile, 'fp_x'))?.adapters.map(({ name }) => name);

  it('are asked for once, and again when the word is old', async () => {
    expect(await names()).toEqual(['github']);
    expect(await names()).toEqual(['github']);
    expect(asked).toBe(1);
    now = 6 * 60_000;
    answer = '{"adapters":[{"name":"aws","enabled":true}]}';
    expect(await names()).toEqual(['github']); // nobody waits
    while ((await names())?.[0] !== 'aws') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(asked).toBe(2);
  });

  it('stay as they were while it is away', async () => {
    await names();
    gateway.closeAllConnections();
    gateway.close();
    now = 6 * 60_000;
    expect(await names()).toEqual(['github']);
  });

  it.each(['null', '[]', '{"adapters":{"length":9}}', '{"adapters":[null,7,{"name":5}]}', 'no JSON'])(
    'are none when it says %s',
    async (text) => {
      answer = text;
      expect((await names()) ?? []).toEqual([]);
    },
  );
});
