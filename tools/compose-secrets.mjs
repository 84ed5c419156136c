// `npm run compose:secrets`: keys, passwords, certificates and identities for docker-compose.yml.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build('@fingerpost/compose');
runNode(['deploy/compose/dist/main.js', ...process.argv.slice(2)]);
