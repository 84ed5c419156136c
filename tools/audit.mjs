// `npm run audit`: known vulnerabilities of what the product, and what integrations may import, bring along. High ones fail.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './ready.mjs';

const results = [
  ['the product', root, ['--omit=dev']],
  ['packages for integrations', join(root, 'integrations'), []],
].map(([what, folder, more]) => {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--audit-level=high', ...more], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const { metadata, vulnerabilities, message } = JSON.parse(stdout || '{}');
  if (metadata === undefined) return say(what, `NOT AUDITED: ${message ?? 'npm says nothing'}`, true);
  const { high, critical } = metadata.vulnerabilities;
  if (high + critical === 0) return say(what, 'no known vulnerability of high severity', true);
  const names = Object.values(vulnerabilities)
    .filter(({ severity }) => severity === 'high' || severity === 'critical')
    .map(({ name, severity }) => `${name} (${severity})`);
  return say(what, `${names.join(', ')}; see "npm audit" in ${folder}`, false);
});
process.exit(results.every(Boolean) ? 0 : 1);

function say(what, sentence, isFine) {
  console.log(`${what}: ${sentence}`);
  return isFine;
}
