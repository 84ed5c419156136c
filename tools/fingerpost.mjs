// `npm run fingerpost -- login`: the command line.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['packages/cli/dist/main.js', ...process.argv.slice(2)]);
