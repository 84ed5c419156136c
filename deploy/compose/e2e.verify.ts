import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describeWithCompose } from './describe-with-compose.ts';

const root = join(import.meta.dirname, '../..');

describeWithCompose('the product by docker-compose.yml', () => {
  it('passes the end-to-end suite that npm start passes', () => {
    const jest = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ];
    const env = { ...process.env, FINGERPOST_SUITE: 'compose' };
    expect(spawnSync(process.execPath, jest, { cwd: root, env, stdio: 'inherit' }).status).toBe(0);
  }, 1_800_000);
});
