import { nearest } from '../text/nearest.ts';
import { SettingsError } from './settings.ts';

const PREFIX = 'FINGERPOST_';
/** More letters apart is another word, perhaps of a newer release. */
const MOST_STEPS = 2;

/** A setting that is spelt wrongly would be one that is not set, unnoticed. @throws SettingsError with each such variable */
export function checkSpelling(env: NodeJS.ProcessEnv, known: readonly string[]): void {
  const names = known.flatMap((name) => [name, `${name}_FILE`]);
  const problems = Object.keys(env)
    .filter((variable) => variable.startsWith(PREFIX) && !names.includes(variable))
    .flatMap((variable) => {
      const meant = nearest(variable, names, MOST_STEPS);
      return meant === undefined ? [] : `${variable}: there is no such setting; did you mean ${meant}?`;
    });
  if (problems.length > 0) throw new SettingsError(problems);
}
