import { hash } from 'node:crypto';
import type { Viewer } from '@fingerpost/contracts';

/** What somebody may do beside looking. Nobody has a role by having another: who administers does not approve. */
export const ROLES = ['viewer', 'author', 'approver', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a provider has said of somebody, checked. */
export interface Vouched {
  provider: string;
  issuer: string;
  /** the person's own `sub` there */
  sub: string;
  email?: string;
  /** whether the provider vouches for that address, too */
  isEmailVerified: boolean;
  name?: string;
  /** Google's name of the company whose account it is */
  hostedDomain?: string;
  groups: string[];
}

/** Somebody whom an identity provider vouches for. */
export interface Person {
  /** follows from issuer and subject there: stable, whatever becomes of names and addresses */
  subject: string;
  /** the provider's name in the settings */
  provider: string;
  email?: string;
  name?: string;
  /** as the provider said at the last sign-in */
  groups: string[];
  /** as the settings give them to these groups */
  roles: Role[];
}

const PERSON = 'person:';

/** The prefix keeps people apart from API tokens, and from the scope `org`. Two providers never share a person. */
export const subjectOf = (issuer: string, subject: string): string =>
  `${PERSON}${hash('sha256', JSON.stringify([issuer, subject]), 'base64url').slice(0, 27)}`;

export const isPerson = (subject: string): boolean => subject.startsWith(PERSON);

export const viewerOfPerson = ({ subject, email, groups, roles }: Person): Viewer => ({
  subject,
  ...(email !== undefined && { email }),
  groups,
  roles,
});
