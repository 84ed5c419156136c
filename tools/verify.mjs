// `npm run verify -- images`: the long suites by name, by hand; what they find goes into docs. What follows the names goes to jest.
import { spawnSync } from 'node:child_process';
import { build, environment, install, root } from './ready.mjs';
import { runNode } from './run-node.mjs';

const IMAGES = ['gateway', 'registry', 'runner', 'secrets', 'development-provider'];
/** Each suite's folder, and what has to be made before, if anything. */
const SUITES = {
  images: { folder: 'deploy/images', make: ['deploy/images/build.mjs'] },
  compose: { folder: 'deploy/compose', make: ['deploy/images/build.mjs', ...IMAGES] },
  faults: { folder: 'e2e/faults' },
  upgrades: { folder: 'e2e/upgrades' },
  backup: { folder: 'e2e/backup' },
  rotations: { folder: 'e2e/rotations' },
  sizes: { folder: 'e2e/sizes' },
  telemetry: { folder: 'deploy/grafana' },
  helm: { folder: 'deploy/helm' },
  attacks: { folder: 'e2e/attacks' },
  'another-provider': { folder: 'e2e/another-provider' },
};

const names = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const options = process.argv.slice(2).filter((word) => word.startsWith('-'));
const unknown = names.find((name) => !Object.hasOwn(SUITES, name));
if (names.length === 0 || unknown !== undefined) {
  console.error(
    `${unknown === undefined ? 'Which suite?' : `There is no suite "${unknown}".`} npm run verify -- ${Object.keys(SUITES).join(' | ')}`,
  );
  process.exit(1);
}

install();
await build();
for (const make of names.flatMap((name) => (SUITES[name].make === undefined ? [] : [SUITES[name].make]))) {
  const { status } = spawnSync(process.execPath, make, { cwd: root, env: environment, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const folders = names.map((name) => SUITES[name].folder);
// Testcontainers' own cleaner comes from an image registry; the suites clean up themselves.
const settings = { FINGERPOST_SUITE: 'verify', TESTCONTAINERS_RYUK_DISABLED: 'true' };
// An option of jest's may take all words that follow it.
runNode([...jest, '--runInBand', ...folders, ...options], settings);
