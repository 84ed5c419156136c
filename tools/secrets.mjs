// `npm run secrets -- set NAME`: the encrypted file that `npm start` reads secrets from.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['services/secrets/dist/secrets.cli.js', ...process.argv.slice(2)]);
