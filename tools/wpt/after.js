// Stands after the tests' own harness, which would take a global with a location for a browser's.
const { setTimeout: setRealTimeout } = globalThis;
const PLACE = new URL(WPT.href);
const PARTS = ['href', 'origin', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];
globalThis.location = Object.fromEntries(PARTS.map((part) => [part, PLACE[part]]));

// The tests of interfaces ask what kind of global this is: it is most like a worker's.
if (PLACE.pathname.includes('idlharness'))
  globalThis.DedicatedWorkerGlobalScope = { [Symbol.hasInstance]: (value) => value === globalThis };

var __integration = {
  results: new Promise((resolve) => {
    const seen = new Map();
    const all = () =>
      [...seen.values()].map(({ status, name, message }) => ({ status, name, message: String(message).slice(0, 500) }));
    add_test_state_callback((test) => seen.set(test, test));
    add_completion_callback((tests, status) => {
      for (const test of tests) seen.set(test, test);
      resolve(status.status === 0 ? all() : [...all(), { status: 1, name: 'the file', message: status.message }]);
    });
    setRealTimeout(() => {
      for (const test of seen.values())
        if (test.phase !== 4) Object.assign(test, { status: 2, message: 'did not end' });
      resolve(all());
    }, WPT.patienceMs);
  }),
  run: () => __integration.results,
};
