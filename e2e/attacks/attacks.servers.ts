import { createLog } from '@fingerpost/platform';
import { chooseWalls, INSIDE } from '@fingerpost/runner/sandbox';
import { findServer } from '../../packages/platform/src/testing/servers.ts';
import { attackSuite } from './suite.ts';

const log = createLog('test', { level: 'silent', format: 'json' });

const isOffered = findServer('bwrap') !== undefined && (await chooseWalls('process', INSIDE, log)) === 'namespaces';
if (!isOffered) console.warn('Namespaces are not to be had on this machine: attacks met the weaker walls only.');

(isOffered ? describe : describe.skip)('behind namespaces', () => {
  attackSuite({ FINGERPOST_WALLS: 'namespaces' });
});
