import { People } from '../people/people.ts';
import type { Vouched } from '../people/person.ts';
import { EmbeddedStore } from '../store/embedded-store.ts';
import { Sessions } from './sessions.ts';

const HOUR = 3_600_000;
const anna: Vouched = { provider: 'okta', issuer: 'i', sub: 'anna', isEmailVerified: true, groups: [] };

async function open() {
  const clock = { now: Date.parse('2026-11-25T08:00:00Z') };
  const now = () => clock.now;
  const store = await EmbeddedStore.open(undefined, now);
  const people = new People(store, ({ groups }) => ({ groups, roles: ['viewer'] }), now);
  const [here, there] = [new Sessions(store, people, now), new Sessions(store, people, now)];
  const person = await people.welcome(anna);
  return { clock, store, people, here, there, person };
}

describe('a session', () => {
  it('is known behind every gateway, and to nobody without its secret', async () => {
    const { here, there, person, store } = await open();
    const { session, secret } = await here.open(person, { device: 'Firefox on Linux' });
    expect(await there.of(secret)).toMatchObject({ id: session.id, person: { subject: person.subject } });
    for (const guess of [session.id, `${secret}x`, secret.toUpperCase(), '', '__proto__'])
      expect(await there.of(guess)).toBeUndefined();
    expect(JSON.stringify(await store.list('session'))).not.toContain(secret);
  });

  it('ends after 12 hours without use, and goes on with use', async () => {
    const { clock, here, there, person } = await open();
    const { secret } = await here.open(person, { device: 'x' });
    for (let n = 0; n < 5; n++) {
      clock.now += 11 * HOUR;
      expect(await (n % 2 ? here : there).of(secret)).toBeDefined();
    }
    clock.now += 12 * HOUR;
    expect(await here.of(secret)).toBeUndefined();
    expect(await there.of(secret)).toBeUndefined();
    expect(await here.list()).toEqual([]);
  });

  it('ends after 7 days, used or not', async () => {
    const { clock, here, person } = await open();
    const { secret } = await here.open(person, { device: 'x' });
    for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
      clock.now += 6 * HOUR;
      expect(await here.of(secret)).toBeDefined();
    }
    clock.now += 6 * HOUR;
    expect(await here.of(secret)).toBeUndefined();
  });

  it('that is ended is ended everywhere, told of, and brought back by no late use', async () => {
    const { clock, here, there, person } = await open();
    const { session, secret } = await here.open(person, { device: 'x' });
    await there.of(secret);
    const heard: string[] = [];
    there.watchEnded((id) => heard.push(id));
    clock.now += HOUR;
    await Promise.all([there.of(secret), here.end(session.id), there.of(secret)]);
    expect(heard).toContain(session.id);
    expect(await there.of(secret)).toBeUndefined();
    expect(await here.list()).toEqual([]);
  });

  it('goes on for whoever knows it while the store is away; nobody else is let in', async () => {
    const { store, here, there, person } = await open();
    const { secret } = await here.open(person, { device: 'x' });
    await here.of(secret);
    store.read = async () => {
      throw new Error('away');
    };
    expect(await here.of(secret)).toBeDefined();
    await expect(there.of(secret)).rejects.toThrow('away');
  });

  it('is listed by person, the one used last first, without its secret', async () => {
    const { clock, here, people, person } = await open();
    const ben = await people.welcome({ ...anna, sub: 'ben' });
    const { secret } = await here.open(person, { device: 'one' });
    clock.now += HOUR;
    await here.open(person, { device: 'two' });
    await here.open(ben, { device: 'three' });
    const mine = await here.list(person.subject);
    expect(mine.map(({ device }) => device)).toEqual(['two', 'one']);
    expect(JSON.stringify(mine)).not.toContain(secret);
    expect(await here.list()).toHaveLength(3);
  });
});
