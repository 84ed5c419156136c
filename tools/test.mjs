// `npm test` and `npm run test:servers`; what follows `--` goes to jest.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

const [suite, ...args] = process.argv.slice(2);
install();
await build();
runNode(
  [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', ...args],
    ...(process.env.CI === undefined ? [] : ['--forceExit']), // what a test leaves open must not keep CI for hours
  ],
  {
    FINGERPOST_SUITE: suite,
  },
);
