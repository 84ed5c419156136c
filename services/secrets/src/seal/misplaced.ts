import { Fault } from '@fingerpost/contracts';

export const misplaced = (secret: string, message: string): Fault =>
  new Fault('secret.misplaced', message, { detail: { secret } });
