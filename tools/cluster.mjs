// `npm run cluster`: the whole product as separate processes on real servers, for people who develop it.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['deploy/local/dist/main.js', ...process.argv.slice(2)]);
