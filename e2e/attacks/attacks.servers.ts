import { join } from 'node:path';
import { createLog } from '@fingerpost/platform';
import { findServer } from '../../packages/platform/src/testing/servers.ts';
import { chooseWalls } from '../../services/runner/src/sandbox/choose-walls.ts';
import { attackSuite } from './suite.ts';

const INSIDE = join(import.meta.dirname, '../../services/runner/dist/inside');
const log = createLog('test', { level: 'silent', format: 'json' });

const isOffered = findServer('bwrap') !== undefined && (await chooseWalls('process', INSIDE, log)) === 'namespaces';
if (!isOffered) console.warn('Namespaces are not to be had on this machine: attacks met the weaker walls only.');

(isOffered ? describe : describe.skip)('behind namespaces', () => {
  attackSuite({ FINGERPOST_WALLS: 'namespaces' });
});
