// Pages, and who has broken into their processes, against the built extension in real Chromium.
import { chromiumHere } from '../testing/browser.ts';
import { dressingSuite } from './suites/dressing.suite.ts';
import { fakingSuite } from './suites/faking.suite.ts';
import { insideSuite } from './suites/inside.suite.ts';
import { lookingSuite } from './suites/looking.suite.ts';
import { PageUnderAttack } from './suites/page-under-attack.ts';
import { pressingSuite } from './suites/pressing.suite.ts';

const SUITES = [lookingSuite, dressingSuite, pressingSuite, fakingSuite, insideSuite];

(chromiumHere === undefined ? describe.skip : describe)('pages under the extension', () => {
  const at = new PageUnderAttack();
  beforeAll(() => at.start(), 90_000);
  afterAll(() => at.stop());
  beforeEach(() => at.enter());
  afterEach(() => at.page.close());
  for (const suite of SUITES) suite(at);
});
