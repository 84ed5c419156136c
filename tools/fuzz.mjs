// `npm run fuzz -- --seed N --minutes M`: hostile programs against a real sandbox process, longer than the fast suite does it.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['services/runner/dist/sandbox/fuzz/main.js', ...process.argv.slice(2)]);
