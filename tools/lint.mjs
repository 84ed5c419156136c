// `npm run lint`: style, the types of tests, and the directions of imports. All three are run, whatever the first says.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, environment, install, root } from './ready.mjs';

install();
await build();

const built = ['packages', 'services'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}/dist`),
);
const checks = [
  ['biome', ['check', '--error-on-warnings', '.']],
  ['tsc', ['-p', 'tsconfig.tests.json']],
  ['tsc', ['-p', 'extension/tsconfig.tests.json']],
  [
    'depcruise',
    [
      '--config',
      '.dependency-cruiser.cjs',
      ...built,
      'bench/dist',
      'deploy/nats/dist',
      'deploy/local/dist',
      'deploy/compose/dist',
      'deploy/development-provider/dist',
    ],
  ],
];
const failed = checks.filter(
  ([command, args]) => spawnSync(command, args, { cwd: root, env: environment, stdio: 'inherit' }).status !== 0,
);
process.exit(failed.length === 0 ? 0 : 1);
