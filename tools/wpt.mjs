// `npm run wpt -- <web-platform-tests checkout> [folder ...] [--failures]`: the web's own tests, inside the sandbox.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['tools/wpt/main.mjs', ...process.argv.slice(2)]);
