import type { Vouched } from './person.ts';

/** The name that no provider may have. */
export const BREAK_GLASS = 'break-glass';

/** Who administers with the key from the safe: nobody in particular. */
export const BREAK_GLASS_PERSON: Vouched = {
  provider: BREAK_GLASS,
  issuer: BREAK_GLASS,
  sub: BREAK_GLASS,
  name: 'Break-glass',
  isEmailVerified: false,
  groups: [],
};
