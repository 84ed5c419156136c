import { findServer } from '@fingerpost/platform/testing';

const NEEDED = ['docker', 'docker-compose'];

/** `describe`, for suites on containers. Where a program is missing, one of `more` too, the closing summary names it. */
export function describeWithCompose(name: string, tests: () => void, more: readonly string[] = []): void {
  const found = [...NEEDED, ...more].map(findServer);
  (found.every((path) => path !== undefined) ? describe : describe.skip)(name, tests);
}
