import type { WallLevel } from '@fingerpost/platform';
import { crowdSuite } from './suites/crowd.suite.ts';
import { floodsSuite } from './suites/floods.suite.ts';
import { hiddenSuite } from './suites/hidden.suite.ts';
import { hostileSuite } from './suites/hostile.suite.ts';
import { integrationSuite } from './suites/integration.suite.ts';
import { lateWebSuite } from './suites/late-web.suite.ts';
import { platformInsideSuite } from './suites/platform-inside.suite.ts';
import { processesSuite } from './suites/processes.suite.ts';
import { sandboxUnderTest } from './suites/sandbox-under-test.ts';
import { suspectsSuite } from './suites/suspects.suite.ts';
import { warmSuite } from './suites/warm.suite.ts';

const SUITES = [
  integrationSuite,
  platformInsideSuite,
  lateWebSuite,
  warmSuite,
  hostileSuite,
  hiddenSuite,
  floodsSuite,
  crowdSuite,
  suspectsSuite,
  processesSuite,
];

/** What holds for code in the sandbox, whatever walls stand around it. */
export function sandboxContract(walls: WallLevel): void {
  const sandbox = sandboxUnderTest(walls);
  for (const suite of SUITES) suite(sandbox);
}
