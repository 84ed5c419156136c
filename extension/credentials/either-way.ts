import type { Profile } from '../profiles/profiles.ts';
import type { Credentials, SignIn } from './credentials.ts';

/** Signed in one way or another: the first way that is there is the one that counts. */
export class EitherWay implements Credentials {
  constructor(private readonly ways: readonly [Credentials, ...Credentials[]]) {}

  async token(profile: Profile): Promise<string | undefined> {
    return (await this.present(profile))?.token(profile);
  }

  async refused(profile: Profile): Promise<void> {
    await (await this.present(profile))?.refused(profile);
  }

  async signOut(profile: Profile): Promise<void> {
    for (const way of this.ways) await way.signOut(profile);
  }

  /** Of those that are not, the first one that knows why says so. */
  async read(profile: Profile): Promise<SignIn> {
    const all = await Promise.all(this.ways.map((way) => way.read(profile)));
    const why = all.find((each) => each.state === 'signed-out' && each.why !== undefined);
    return all.find(({ state }) => state === 'signed-in') ?? why ?? all[0]!;
  }

  private async present(profile: Profile): Promise<Credentials | undefined> {
    for (const way of this.ways) if ((await way.read(profile)).state === 'signed-in') return way;
  }
}
