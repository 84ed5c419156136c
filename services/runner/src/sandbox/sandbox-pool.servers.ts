import { createLog } from '@fingerpost/platform';
import { findServer } from '../../../../packages/platform/src/testing/servers.ts';
import { chooseWalls } from './choose-walls.ts';
import { INSIDE } from './inside.ts';
import { sandboxContract } from './sandbox-pool.contract.ts';

const log = createLog('test', { level: 'silent', format: 'json' });

// A kernel, or a container, that allows no user namespaces is no server that is missing: it says so and goes on.
const isOffered = findServer('bwrap') !== undefined && (await chooseWalls('process', INSIDE, log)) === 'namespaces';
if (!isOffered) console.warn('Namespaces are not to be had on this machine: the strongest walls were not tried.');

(isOffered ? describe : describe.skip)('behind namespaces', () => {
  sandboxContract('namespaces');
});
