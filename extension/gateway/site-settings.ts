import { askGateway } from '@fingerpost/bar';
import type { Profile } from '../profiles/profiles.ts';
import { read, type Store } from '../store/store.ts';

/** `GET /config`, in ToolJump's shape. */
export interface SiteSettings {
  adapters: { name: string; enabled: boolean; urls: string[]; description: string; partsOff?: string[] }[];
  customDomains: string[];
}

interface Kept {
  settings: SiteSettings;
  at: number;
}

const FRESH_MS = 5 * 60_000;
const TIMEOUT_MS = 5_000;

/** Which sites a gateway serves, and what of them is switched off from afar. Kept while the browser runs. */
export class GatewaySites {
  private renewing: Promise<unknown> | undefined;

  constructor(
    private readonly store: Store,
    private readonly now = Date.now,
  ) {}

  /** What is known now. An old word counts, and is asked for anew meanwhile: no page waits for a gateway that is away. */
  async read(profile: Profile, token: string): Promise<SiteSettings | undefined> {
    const kept = await read<Kept>(this.store, keyOf(profile));
    if (kept === undefined) return await this.ask(profile, token).catch(() => undefined);
    if (this.now() - kept.at > FRESH_MS) this.renew(profile, token);
    return kept.settings;
  }

  // Many pages begin at once when a browser starts: one question is enough.
  private renew(profile: Profile, token: string): void {
    this.renewing ??= this.ask(profile, token)
      .catch(() => {})
      .finally(() => {
        this.renewing = undefined;
      });
  }

  /** @throws GatewayProblem */
  async ask(profile: Profile, token: string): Promise<SiteSettings> {
    const reply = await askGateway(profile.gateway, '/config', {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      credentials: 'omit',
    });
    const settings = checked(await reply.json());
    await this.store.set({ [keyOf(profile)]: { settings, at: this.now() } satisfies Kept });
    return settings;
  }
}

const keyOf = ({ id }: Profile) => `sites:${id}`;

/** A gateway is somebody else's program: only what has the right shape is taken. */
function checked(value: unknown): SiteSettings {
  const { adapters, customDomains } = (value ?? {}) as Partial<Record<keyof SiteSettings, unknown>>;
  return {
    adapters: listOf(adapters).flatMap((adapter) => {
      const { name, enabled, urls, description, partsOff } = (adapter ?? {}) as Record<string, unknown>;
      if (typeof name !== 'string') return [];
      return [
        {
          name,
          enabled: enabled === true,
          urls: texts(urls),
          description: typeof description === 'string' ? description : '',
          partsOff: texts(partsOff),
        },
      ];
    }),
    customDomains: texts(customDomains),
  };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 1_000) : []);
const texts = (value: unknown) => listOf(value).filter((each): each is string => typeof each === 'string');
