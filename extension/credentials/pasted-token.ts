import type { Profile } from '../profiles/profiles.ts';
import { read, type Store } from '../store/store.ts';
import type { Credentials, SignIn } from './credentials.ts';

/** What the names of kept tokens begin with. */
export const TOKEN = 'token:';

/** A token belongs to the address that it was pasted for: a profile that is pointed elsewhere does not take it along. */
interface Kept {
  token: string;
  gateway: string;
  isRefused: boolean;
}

/** An API token that a person pasted, in ToolJump's way. Kept on this machine, never synchronised. */
export class PastedToken implements Credentials {
  constructor(private readonly store: Store) {}

  async paste(profile: Profile, token: string): Promise<SignIn> {
    const kept: Kept = { token: token.trim(), gateway: profile.gateway, isRefused: false };
    if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(kept.token))
      return { state: 'signed-out', why: 'That does not look like a token: it is empty, or has signs that none has.' };
    await this.store.set({ [keyOf(profile)]: kept });
    return this.read(profile);
  }

  async token(profile: Profile): Promise<string | undefined> {
    const kept = await this.kept(profile);
    return kept?.isRefused === false ? kept.token : undefined;
  }

  async refused(profile: Profile): Promise<void> {
    const kept = await this.kept(profile);
    if (kept?.isRefused === false) await this.store.set({ [keyOf(profile)]: { ...kept, isRefused: true } });
  }

  async signOut(profile: Profile): Promise<void> {
    await this.store.remove(keyOf(profile));
  }

  async read(profile: Profile): Promise<SignIn> {
    const kept = await this.kept(profile);
    if (kept === undefined) return { state: 'signed-out' };
    return kept.isRefused
      ? { state: 'signed-out', why: 'The gateway does not know this token (any more). Paste another one.' }
      : { state: 'signed-in', how: 'with a pasted token' };
  }

  private async kept(profile: Profile): Promise<Kept | undefined> {
    const kept = await read<Kept>(this.store, keyOf(profile));
    return kept?.gateway === profile.gateway ? kept : undefined;
  }
}

const keyOf = ({ id }: Profile) => `${TOKEN}${id}`;
