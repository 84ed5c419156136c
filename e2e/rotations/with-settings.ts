import type { Change } from '@fingerpost/local';

/** A program that is told something else from now on. */
export const withSettings =
  (settings: NodeJS.ProcessEnv): Change =>
  (program) => ({ ...program, env: { ...program.env, ...settings } });
