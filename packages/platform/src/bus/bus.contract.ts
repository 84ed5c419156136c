import { bodiesSuite } from './suites/bodies.suite.ts';
import { BusUnderTest, type Network } from './suites/bus-under-test.ts';
import { exchangesSuite } from './suites/exchanges.suite.ts';
import { faultsSuite } from './suites/faults.suite.ts';
import { keptMessagesSuite } from './suites/kept-messages.suite.ts';
import { leavingSuite } from './suites/leaving.suite.ts';
import { lostAnswerersSuite } from './suites/lost-answerers.suite.ts';
import { newsSuite } from './suites/news.suite.ts';
import { repliesSuite } from './suites/replies.suite.ts';
import { strangersSuite } from './suites/strangers.suite.ts';
import { timeSuite } from './suites/time.suite.ts';

const SUITES = [
  exchangesSuite,
  timeSuite,
  repliesSuite,
  newsSuite,
  bodiesSuite,
  faultsSuite,
  lostAnswerersSuite,
  leavingSuite,
  strangersSuite,
  keptMessagesSuite,
];

/** What every transport must do: services are written against this and know no other. */
export function busContract(name: string, makeNetwork: () => Promise<Network>): void {
  describe(`the bus ${name}`, () => {
    const bus = new BusUnderTest(makeNetwork);
    for (const suite of SUITES) suite(bus);
  });
}
