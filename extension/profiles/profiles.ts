import { read, type Store } from '../store/store.ts';

/** A gateway that can be asked. One is at a time. */
export interface Profile {
  id: string;
  name: string;
  /** an origin, e.g. `https://fingerpost.acme.dev` */
  gateway: string;
  /** preset by the company; cannot be changed here */
  isManaged: boolean;
}

/** What a company presets by policy: `public/managed-settings.json`. */
export interface Managed {
  profiles?: { name: string; gateway: string }[];
  onlyManagedProfiles?: boolean;
  linkSchemes?: string[];
}

export interface ProfileList {
  profiles: Profile[];
  active: Profile | undefined;
  mayAdd: boolean;
}

const PROFILES = 'profiles';
export const ACTIVE = 'activeProfile';

export class Profiles {
  constructor(
    private readonly store: Store,
    private readonly managed: () => Promise<Managed>,
  ) {}

  async read(): Promise<ProfileList> {
    const managed = await this.managed();
    const mayAdd = managed.onlyManagedProfiles !== true;
    const own = mayAdd ? ((await read<Profile[]>(this.store, PROFILES)) ?? []) : [];
    const profiles = [...presets(managed), ...own];
    const chosen = await read<string>(this.store, ACTIVE);
    return { profiles, active: profiles.find(({ id }) => id === chosen) ?? profiles[0], mayAdd };
  }

  /** Adds one and makes it the active one. */
  async add(name: string, gateway: string): Promise<Profile> {
    const profile: Profile = { id: crypto.randomUUID(), name, gateway, isManaged: false };
    const own = (await read<Profile[]>(this.store, PROFILES)) ?? [];
    await this.store.set({ [PROFILES]: [...own, profile], [ACTIVE]: profile.id });
    return profile;
  }

  async remove(id: string): Promise<void> {
    const own = (await read<Profile[]>(this.store, PROFILES)) ?? [];
    await this.store.set({ [PROFILES]: own.filter((profile) => profile.id !== id) });
  }

  activate(id: string): Promise<void> {
    return this.store.set({ [ACTIVE]: id });
  }
}

/** Their ids are their addresses: a policy may bring them in any order, and tokens belong to an address. */
function presets({ profiles }: Managed): Profile[] {
  return (Array.isArray(profiles) ? profiles : []).flatMap(({ name, gateway }) => {
    const origin = gatewayFrom(gateway);
    return 'origin' in origin ? [{ id: origin.origin, name, gateway: origin.origin, isManaged: true }] : [];
  });
}

/** The origin of what a person typed as a gateway's address, or what is wrong with it. */
export function gatewayFrom(typed: string): { origin: string } | { fault: string } {
  const text = String(typed).trim();
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null || url.hostname === '')
    return { fault: 'That is no address. It should look like https://fingerpost.acme.dev' };
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url))) return { origin: url.origin };
  if (url.protocol !== 'http:') return { fault: 'It should begin with https://' };
  return { fault: 'The token would travel in clear: use https, or a gateway on this machine.' };
}

const isThisMachine = ({ hostname }: URL) => hostname === 'localhost' || hostname === '127.0.0.1';
