import { EmbeddedStore } from '../store/embedded-store.ts';
import { People } from './people.ts';
import type { Vouched } from './person.ts';

const anna: Vouched = {
  provider: 'okta',
  issuer: 'https://acme.okta.com',
  sub: 'anna',
  isEmailVerified: true,
  groups: ['a'],
};

async function open(store: EmbeddedStore | undefined = undefined) {
  const kept = store ?? (await EmbeddedStore.open());
  return { store: kept, people: new People(kept, ({ groups }) => ({ groups, roles: ['viewer'] })) };
}

describe('people', () => {
  it('are the same at each sign-in, with what the provider says now', async () => {
    const { people } = await open();
    const first = await people.welcome(anna);
    const again = await people.welcome({ ...anna, groups: ['b'] });
    expect(again.subject).toBe(first.subject);
    expect((await people.find(first.subject))?.groups).toEqual(['b']);
    expect(await people.list()).toHaveLength(1);
  });

  it('of two providers are two, whatever they are called there', async () => {
    const { people } = await open();
    const subjects = [
      await people.welcome(anna),
      await people.welcome({ ...anna, issuer: 'https://evil.example' }),
      await people.welcome({ ...anna, issuer: 'https://acme.okta.com|an', sub: 'na' }),
    ].map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(3);
  });

  it('that are closed stay closed through a sign-in that is under way', async () => {
    const { store, people } = await open();
    const { subject } = await people.welcome(anna);
    const write = store.write.bind(store);
    // Closed in the middle: after the look, before what was said is kept.
    store.write = async (...args: Parameters<typeof write>) => {
      store.write = write;
      await people.setBlocked(subject, true);
      await write(...args);
    };
    await people.welcome(anna);
    expect(await people.find(subject)).toBeUndefined();
    await expect(people.welcome(anna)).rejects.toMatchObject({ code: 'request.forbidden' });
  });

  it('are forgotten by whoever remembers them when something changes elsewhere', async () => {
    const { store, people } = await open();
    const { people: elsewhere } = await open(store);
    const { subject } = await people.welcome(anna);
    expect(await elsewhere.find(subject)).toBeDefined();
    await people.setBlocked(subject, true);
    expect(elsewhere.remember(subject)).toBeUndefined();
    expect(await elsewhere.find(subject)).toBeUndefined();
  });

  it('are called by an address only where their provider vouches for it: nobody acts under another one’s in the trail', async () => {
    const { store, people } = await open();
    const email = 'anna@acme.dev';
    const vouched = { anna: { ...anna, email }, ben: { ...anna, sub: 'ben', email, isEmailVerified: false } };
    const real = (await people.welcome(vouched.anna)).subject;
    const claims = (await people.welcome(vouched.ben)).subject;
    const named = (await people.welcome({ ...anna, sub: 'carl', name: email, isEmailVerified: false })).subject;
    const names = await people.namesOf([real, claims, named, 'person:nobody', 'token:first']);
    expect(names).toEqual({
      [real]: email,
      [claims]: `${email} (${claims.slice(-6)})`,
      [named]: `${email} (${named.slice(-6)})`,
    });
    store.read = () => Promise.reject(new Error('away'));
    expect(await people.namesOf([real])).toEqual({}); // the trail is read without them
  });
});
