import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewaySettings, providerSettings } from '@fingerpost/gateway';
import { busSettings, healthSettings, rootKeySettings, SETTING_NAMES, type SettingsSpec } from '@fingerpost/platform';
import { otlpSettings } from '@fingerpost/platform/otlp';
import { registrySettings } from '@fingerpost/registry';
import { runnerSettings } from '@fingerpost/runner';
import { secretsSettings, vaultSettings } from '@fingerpost/secrets';
import { standaloneSettings } from '@fingerpost/standalone';

const specs: SettingsSpec[] = [
  gatewaySettings,
  providerSettings('<NAME>'),
  standaloneSettings,
  registrySettings,
  runnerSettings,
  secretsSettings,
  busSettings,
  rootKeySettings,
  vaultSettings,
  healthSettings,
  otlpSettings,
];
const inCode = new Set(specs.flatMap((spec) => Object.values(spec).map(([variable]) => variable)));
// Read elsewhere: any number of secrets, and the pages of a gateway that is a process of its own.
const besides = ['INTEGRATION_<NAME>', 'FINGERPOST_PAGES'];

it('tells every service all names, so that it tells of those that are spelt wrongly', () => {
  const ours = [...inCode, ...besides].filter((name) => /^FINGERPOST_[A-Z_]+$/.test(name));
  expect([...SETTING_NAMES].sort()).toEqual(ours.sort());
});

describe('docs/settings.md', () => {
  it('names every setting, and none that is not there', () => {
    const text = readFileSync(join(import.meta.dirname, '../docs/settings.md'), 'utf8');
    const inDocs = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!);
    expect(inDocs.filter((name) => !besides.includes(name)).sort()).toEqual([...inCode].sort());
  });
});
