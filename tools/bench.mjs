// `npm run bench`; what follows `--` goes to the bench.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
build();
runNode(['bench/dist/main.js', ...process.argv.slice(2)]);
