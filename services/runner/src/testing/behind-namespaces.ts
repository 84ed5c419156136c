import { createLog } from '@fingerpost/platform';
import { findServer } from '@fingerpost/platform/testing';
import { chooseWalls } from '../sandbox/choose-walls.ts';
import { INSIDE } from '../sandbox/inside.ts';

const log = createLog('test', { level: 'silent', format: 'json' });

/**
 * Where the strongest walls are to be had. A kernel, or a container, that allows no user namespaces is no server that is missing:
 * it says what that leaves `untried`, and goes on.
 */
export async function describeBehindNamespaces(untried: string, suite: () => void): Promise<void> {
  const isOffered = findServer('bwrap') !== undefined && (await chooseWalls('process', INSIDE, log)) === 'namespaces';
  if (!isOffered) console.warn(`Namespaces are not to be had on this machine: ${untried}.`);
  (isOffered ? describe : describe.skip)('behind namespaces', suite);
}
