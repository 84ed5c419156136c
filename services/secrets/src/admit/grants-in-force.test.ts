import { setTimeout as sleep } from 'node:timers/promises';
import { GrantsInForce, Verifier, WireBus } from '@fingerpost/platform';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import { DIGEST, grantFor, World } from '../testing/world.ts';

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream((_hit, response) => void response.end('hello'));
});

afterAll(() => upstream.close());

const grant = () => grantFor([upstream.host]);

describe('grants over time', () => {
  it('stops calls of a grant that was revoked, and of an older revision', async () => {
    const own = await World.start({ allow: [upstream.host] });
    own.announce();
    expect(await own.outcome(grant(), upstream.url)).toBe('ok');
    own.list = { epoch: 101, revisions: { [DIGEST]: 2 } };
    own.announce();
    await sleep(50);
    expect(await own.outcome(grant(), upstream.url)).toBe('grant.revoked');
    expect(await own.outcome(grantFor([upstream.host], { revision: 2 }), upstream.url)).toBe('ok');
    own.list = { epoch: 102, revisions: {} };
    own.announce();
    await sleep(50);
    expect(await own.outcome(grantFor([upstream.host], { revision: 2 }), upstream.url)).toBe('grant.revoked');
    await own.close();
  });

  it('asks for the list itself when a grant is newer than its own', async () => {
    const own = await World.start({ allow: [upstream.host] });
    own.announce();
    await own.outcome(grant(), upstream.url);
    own.list = { epoch: 101, revisions: { [DIGEST]: 2 } };
    expect(await own.outcome(grantFor([upstream.host], { revision: 2 }), upstream.url)).toBe('ok');
    await own.close();
  });

  it('refuses every call before it has heard from a registry', async () => {
    const own = await World.start({ allow: [upstream.host] });
    own.forgedList = () => 'nonsense';
    expect(await own.outcome(grant(), upstream.url)).toBe('secrets.stale');
    await own.close();
  });

  it.each(['replayed', 'signed anew by a registry that went back in time'])(
    'is not fooled by an older list, %s',
    async (how) => {
      const own = await World.start({ allow: [upstream.host] });
      const older = { epoch: 100, revisions: { [DIGEST]: 1 } };
      const replayed = await own.registry.signer.sign('grant-list', { ...older, nonce: 'of an earlier question' });
      own.list = { epoch: 101, revisions: {} };
      own.announce();
      await sleep(50);
      expect(await own.outcome(grant(), upstream.url)).toBe('grant.revoked');
      own.forgedList = (nonce) =>
        how === 'replayed' ? replayed : own.registry.signer.sign('grant-list', { ...older, nonce });
      own.announce(100);
      await sleep(50);
      expect(await own.outcome(grant(), upstream.url)).toBe('grant.revoked');
      await own.close();
    },
  );

  it('is not fooled by the answer to somebody else’s question, nor to none', async () => {
    const own = await World.start({ allow: [upstream.host] });
    for (const nonce of ['somebody else’s', undefined]) {
      const envelope = await own.registry.signer.sign('grant-list', { ...own.list, nonce });
      own.forgedList = () => envelope;
      own.announce();
      expect(await own.outcome(grant(), upstream.url)).toBe('secrets.stale');
    }
    await own.close();
  });

  it('takes no list from anybody but a registry', async () => {
    const own = await World.start({ allow: [upstream.host] });
    own.forgedList = (nonce) => own.gateway.signer.sign('grant-list', { ...own.list, nonce });
    expect(await own.outcome(grant(), upstream.url)).toBe('secrets.stale');
    await own.close();
  });

  it('survives notices that are no notices', async () => {
    const own = await World.start({ allow: [upstream.host] });
    const bus = new WireBus(own.exchange.connect(), own.log);
    for (const notice of [null, {}, 'x', { epoch: 'x' }, { epoch: null }, { epoch: 1e300 }])
      bus.publish('registry.epoch', notice);
    own.announce();
    expect(await own.outcome(grant(), upstream.url)).toBe('ok');
    await own.close();
  });

  it('refuses every call when the registry has been silent for 30 s, and serves again when it is back', async () => {
    const own = await World.start();
    let now = 0;
    const grants = new GrantsInForce(own.bus, new Verifier(own.service.rootKeys), own.log, () => now);
    await grants.assure(grant());
    now = 29_000;
    grants.check(grant());
    own.forgedList = () => 'nobody is there';
    now = 31_000;
    own.announce(); // an unsigned notice is no word from the registry
    await expect(grants.assure(grant())).rejects.toMatchObject({ code: 'secrets.stale' });
    expect(() => grants.check(grant())).toThrow('has been silent');
    own.forgedList = undefined;
    await grants.assure(grant());
    grants.close();
    await own.close();
  });

  it.each([Number.MAX_SAFE_INTEGER, 200])('goes on after a forged notice of epoch %i', async (forged) => {
    const own = await World.start();
    let now = 0;
    const grants = new GrantsInForce(own.bus, new Verifier(own.service.rootKeys), own.log, () => now);
    await grants.assure(grant());
    own.announce(forged);
    await sleep(20);
    now = 31_000;
    await grants.assure(grant());
    own.list = { epoch: 150, revisions: {} };
    own.announce();
    await sleep(50);
    expect(() => grants.check(grant())).toThrow('no longer in force');
    grants.close();
    await own.close();
  });

  it('hears of what was taken back although nobody announces it', async () => {
    const own = await World.start();
    const grants = new GrantsInForce(own.bus, new Verifier(own.service.rootKeys), own.log);
    await grants.assure(grant());
    own.list = { epoch: 150, revisions: {} };
    await sleep(3_000);
    expect(grants.has(DIGEST, 1)).toBe(false);
    grants.close();
    await own.close();
  });

  it('counts the time for which the registry has not seen its database as silence', async () => {
    const own = await World.start();
    let now = 0;
    const grants = new GrantsInForce(own.bus, new Verifier(own.service.rootKeys), own.log, () => now);
    own.list = { ...own.list, ageMs: 20_000 };
    await grants.assure(grant());
    now = 9_000;
    grants.check(grant());
    now = 11_000;
    own.list = { ...own.list, ageMs: 31_000 };
    await expect(grants.assure(grant())).rejects.toMatchObject({ code: 'secrets.stale' });
    grants.close();
    await own.close();
  });

  it('needs no second copy of a list that it has, and takes none left out that it lacks', async () => {
    const own = await World.start();
    const grants = new GrantsInForce(own.bus, new Verifier(own.service.rootKeys), own.log);
    const { revisions, ...same } = own.list;
    own.forgedList = (nonce) => own.registry.signer.sign('grant-list', { ...same, nonce });
    await expect(grants.assure(grant())).rejects.toMatchObject({ code: 'secrets.stale' });
    own.forgedList = undefined;
    await grants.assure(grant());
    own.list = same;
    await grants.ask();
    grants.check(grant());
    grants.close();
    await own.close();
  });

  it('asks the registry once for many calls at once', async () => {
    const own = await World.start();
    const grants = new GrantsInForce(own.bus, new Verifier(own.service.rootKeys), own.log);
    const before = own.questions;
    await Promise.all(Array.from({ length: 50 }, () => grants.assure(grant())));
    expect(own.questions - before).toBe(1);
    grants.close();
    await own.close();
  });
});
