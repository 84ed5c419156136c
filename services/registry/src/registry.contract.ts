import type { Database } from '@fingerpost/platform/database';
import { answersSuite } from './suites/answers.suite.ts';
import { folderSuite } from './suites/folder.suite.ts';
import { mistakesSuite } from './suites/mistakes.suite.ts';
import { registryUnderTest } from './suites/registry-under-test.ts';
import { restartsSuite } from './suites/restarts.suite.ts';

const SUITES = [folderSuite, mistakesSuite, restartsSuite, answersSuite];

/** What a registry does, on any Postgres. */
export function registryContract(open: () => Promise<Database>): void {
  const registry = registryUnderTest(open);
  for (const suite of SUITES) suite(registry);
}
