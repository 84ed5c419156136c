// `npm run --silent helm:secrets -- <folder>`: the Secrets of the Helm chart, from what `npm run compose:secrets` made.
import { install } from './ready.mjs';
import { runNode } from './run-node.mjs';

install();
runNode(['deploy/helm/main.ts', ...process.argv.slice(2)]);
