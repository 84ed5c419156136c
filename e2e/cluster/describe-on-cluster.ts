import { findPostgres, findServer } from '@fingerpost/platform/testing';

const NEEDED = ['nats-server', 'redis-server', 'bao', 'openssl'];

/** `describe`, for suites on a whole cluster. Where a program is missing, one of `more` too, the closing summary names it. */
export function describeOnCluster(name: string, tests: () => void, more: readonly string[] = []): void {
  const found = [findPostgres(), ...[...NEEDED, ...more].map(findServer)];
  (found.every((path) => path !== undefined) ? describe : describe.skip)(name, tests);
}
