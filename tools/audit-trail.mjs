// `npm run audit-trail -- verify` or `-- export`: who changed what, and whether anybody changed that since.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['services/registry/dist/audit/audit-trail.cli.js', ...process.argv.slice(2)]);
