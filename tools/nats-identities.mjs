// `npm run nats:identities -- <folder>`: who is who on NATS, and who may say what there.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['deploy/nats/dist/main.js', ...process.argv.slice(2)]);
