import { join } from 'node:path';
import type { Change } from '@fingerpost/local';

/** The build that is tested: this repository. */
export const OURS = join(import.meta.dirname, '../..');

/** A program that is told something else from now on. */
export const withSettings =
  (settings: NodeJS.ProcessEnv): Change =>
  (program) => ({ ...program, env: { ...program.env, ...settings } });
