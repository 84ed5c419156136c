// Stands after the tests' own harness, which would take a global with a location for a browser's.
const { href, search, hash } = new URL(WPT.href);
const { setTimeout: setRealTimeout } = globalThis;
globalThis.location = { href, search, hash };

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
