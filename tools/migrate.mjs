// `npm run migrate`: brings the database of DATABASE_URL up to this release, before its first replica starts.
import { build, install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
await build();
runNode(['services/registry/dist/migrate.main.js']);
