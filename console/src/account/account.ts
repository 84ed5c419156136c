/** What `GET /account` and `GET /admin/...` tell; the gateway's `identity/account/shapes.ts` describes it. */
export interface Person {
  subject: string;
  provider: string;
  email?: string;
  name?: string;
  groups: string[];
  roles: string[];
}

export interface Session {
  id: string;
  /** `Firefox on Linux` */
  device: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  isBreakGlass?: true;
}

export interface ApiToken {
  id: string;
  name: string;
  roles: string[];
  /** a person's subject */
  owner: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt?: string;
}

/** Somebody's token, as administrators see it. */
export interface OwnedToken extends ApiToken {
  ownerName: string;
}

export interface Account extends Person {
  sessions: (Session & { isThisOne: boolean })[];
  tokens: ApiToken[];
}

/** Somebody, as administrators see them. */
export interface KnownPerson extends Person {
  signedInAt: string;
  blockedAt?: string;
}
