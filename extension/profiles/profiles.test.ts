import { memoryStore } from '../testing/memory-store.ts';
import { gatewayFrom, type Managed, Profiles } from './profiles.ts';

const open = (managed: Managed = {}) => new Profiles(memoryStore(), async () => managed);
const names = async (profiles: Profiles) => (await profiles.read()).profiles.map(({ name }) => name);

describe('profiles', () => {
  it('are none at first', async () => {
    expect(await open().read()).toEqual({ profiles: [], active: undefined, mayAdd: true });
  });

  it('are asked one at a time: the one added last, until another is chosen', async () => {
    const profiles = open();
    const first = await profiles.add('First', 'https://one.dev');
    await profiles.add('Second', 'https://two.dev');
    expect((await profiles.read()).active?.name).toBe('Second');
    await profiles.activate(first.id);
    expect((await profiles.read()).active?.name).toBe('First');
    await profiles.remove(first.id);
    expect((await profiles.read()).active?.name).toBe('Second');
  });

  it('are there from the start where the company presets them', async () => {
    const profiles = open({ profiles: [{ name: 'Acme', gateway: 'https://fingerpost.acme.dev/path' }] });
    expect((await profiles.read()).active).toEqual({
      id: 'https://fingerpost.acme.dev',
      name: 'Acme',
      gateway: 'https://fingerpost.acme.dev',
      isManaged: true,
    });
    await profiles.add('Mine', 'https://mine.dev');
    expect(await names(profiles)).toEqual(['Acme', 'Mine']);
  });

  it('are the company’s alone where it says so, those added before included', async () => {
    const store = memoryStore();
    await new Profiles(store, async () => ({})).add('Mine', 'https://mine.dev');
    const managed = { profiles: [{ name: 'Acme', gateway: 'fingerpost.acme.dev' }], onlyManagedProfiles: true };
    const profiles = new Profiles(store, async () => managed);
    expect(await names(profiles)).toEqual(['Acme']);
    expect((await profiles.read()).mayAdd).toBe(false);
  });

  it('leave out presets that are no addresses', async () => {
    const wrong = [
      { name: 'x', gateway: 'javascript:alert(1)' },
      { name: 'y', gateway: 'http://plain.dev' },
    ];
    expect(await names(open({ profiles: wrong }))).toEqual([]);
    expect(await names(open({ profiles: 'nonsense' as never }))).toEqual([]);
  });
});

describe('an address that was typed', () => {
  it.each([
    ['fingerpost.acme.dev', 'https://fingerpost.acme.dev'],
    [' https://fingerpost.acme.dev/try?x#y ', 'https://fingerpost.acme.dev'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
  ])('becomes an origin: %s', (typed, origin) => expect(gatewayFrom(typed)).toEqual({ origin }));

  it.each(['', '://', 'http://fingerpost.acme.dev', 'ftp://acme.dev', 'javascript://x', 'http://localhost.evil.dev'])(
    'is refused with a reason: %s',
    (typed) => expect(gatewayFrom(typed)).toEqual({ fault: expect.any(String) }),
  );

  it('is not believed where it hides another host', () => {
    expect(gatewayFrom('https://fingerpost.acme.dev@evil.dev')).toEqual({ origin: 'https://evil.dev' });
  });
});
