// `npm start`: install what is missing, build what changed, serve until SIGTERM or SIGINT.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['services/standalone/dist/main.js']);
