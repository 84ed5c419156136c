import type { Profile } from '../profiles/profiles.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { PastedToken } from './pasted-token.ts';

const profile: Profile = { id: 'one', name: 'One', gateway: 'https://one.acme.dev', isManaged: false };

describe('a pasted token', () => {
  let store: ReturnType<typeof memoryStore>;
  let credentials: PastedToken;
  beforeEach(() => {
    store = memoryStore();
    credentials = new PastedToken(store);
  });

  it('opens the door until one signs out', async () => {
    expect(await credentials.read(profile)).toEqual({ state: 'signed-out' });
    await credentials.paste(profile, '  fp_abc \n');
    expect(await credentials.token(profile)).toBe('fp_abc');
    await credentials.signOut(profile);
    expect(await credentials.token(profile)).toBeUndefined();
    expect(store.all()).toEqual({});
  });

  it('is not sent again once it was refused, and the person is told', async () => {
    await credentials.paste(profile, 'fp_abc');
    await credentials.refused(profile);
    expect(await credentials.token(profile)).toBeUndefined();
    expect(await credentials.read(profile)).toEqual({
      state: 'signed-out',
      why: expect.stringContaining('Paste another'),
    });
  });

  it('is known to the worker that the browser starts next', async () => {
    await credentials.paste(profile, 'fp_abc');
    expect(await new PastedToken(store).token(profile)).toBe('fp_abc');
  });

  it('goes to no other gateway, whatever its profile is called', async () => {
    await credentials.paste(profile, 'fp_abc');
    expect(await credentials.token({ ...profile, gateway: 'https://evil.dev' })).toBeUndefined();
    expect(await credentials.token({ ...profile, id: 'two' })).toBeUndefined();
  });

  it.each(['', '   ', 'a\nb', 'größe', 'x\u0000'])('is not taken if no header could hold it: %j', async (text) => {
    expect(await credentials.paste(profile, text)).toMatchObject({ state: 'signed-out', why: expect.any(String) });
    expect(await credentials.token(profile)).toBeUndefined();
  });
});
