import type { Change } from '@fingerpost/local';

/** A program that is told something else from now on. */
export const withSettings =
  (settings: NodeJS.ProcessEnv): Change =>
  (program) => ({ ...program, env: { ...program.env, ...settings } });

/** The same, of an engine at its address of before: who asks there, and by which password. */
export const withUser =
  (setting: 'REDIS_URL' | 'DATABASE_URL', user: string, password: string): Change =>
  (program) => {
    const url = new URL(program.env[setting]!);
    Object.assign(url, { username: user, password });
    return withSettings({ [setting]: url.href })(program);
  };
