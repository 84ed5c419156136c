import { execFileSync } from 'node:child_process';
import { REPOSITORY } from '@fingerpost/local';

/** The commit before the last one that changed what is running: with no releases yet, the nearest there is to one. */
export const previousCommit = (): string =>
  git('log', '--first-parent', '--skip=1', '-1', '--format=%H', '--', 'services', 'packages');

export const commitOf = (name: string): string => git('rev-parse', '--verify', `${name}^{commit}`);

/** As what is committed is called in the places where a release would have its number. */
export const versionOf = (name: string): string => git('rev-parse', '--short=12', '--verify', `${name}^{commit}`);

const git = (...args: string[]): string => execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' }).trim();
