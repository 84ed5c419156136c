import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findServer } from '@fingerpost/platform/testing';

const root = join(import.meta.dirname, '../..');

const hasDocker = findServer('docker') !== undefined && findServer('docker-compose') !== undefined;
(hasDocker ? describe : describe.skip)('the product by docker-compose.yml', () => {
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
