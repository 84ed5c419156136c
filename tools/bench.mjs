// `npm run bench`; what follows `--` goes to the bench.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['bench/dist/main.js', ...process.argv.slice(2)]);
