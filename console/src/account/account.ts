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

export interface Account extends Person {
  sessions: (Session & { isThisOne: boolean })[];
  tokens: ApiToken[];
}

/** Somebody, as administrators see them. */
export interface KnownPerson extends Person {
  signedInAt: string;
  blockedAt?: string;
}

/** A subject, by the name that people know. */
export type NameOf = (subject: string) => string;

export const namesOf = (people: readonly Person[]): NameOf => {
  const names = new Map(people.map(({ subject, email, name }) => [subject, email ?? name ?? subject]));
  return (subject) => names.get(subject) ?? subject;
};
