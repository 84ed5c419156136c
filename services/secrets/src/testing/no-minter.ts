import { Fault } from '@fingerpost/contracts';
import type { Minter } from '../mint/minter.ts';

/** For tests in which nothing is minted. */
export const NO_MINTER: Pick<Minter, 'token' | 'forget'> = {
  token: async () => {
    throw new Fault('internal', 'Nobody mints here.');
  },
  forget() {},
};
