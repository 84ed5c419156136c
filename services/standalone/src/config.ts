import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type GatewaySettings, gatewaySettings, readGatewaySettings } from '@fingerpost/gateway';
import {
  checkSpelling,
  type LogSettings,
  logSettings,
  readSettings,
  readTogether,
  SettingsError,
} from '@fingerpost/platform';
import { type OtlpSettings, otlpSettings, readOtlpSettings } from '@fingerpost/platform/otlp';
import { type RegistrySettings, registrySettings } from '@fingerpost/registry';
import { type RunnerSettings, runnerSettings } from '@fingerpost/runner';
import { readSecretsSettings, type SecretsSettings, secretsSettings } from '@fingerpost/secrets';

export interface StandaloneSettings {
  gateway: GatewaySettings;
  registry: RegistrySettings;
  runner: RunnerSettings;
  secrets: SecretsSettings;
  log: LogSettings;
  otlp: OtlpSettings;
}

const VARIABLES = [
  gatewaySettings,
  registrySettings,
  runnerSettings,
  secretsSettings,
  logSettings,
  otlpSettings,
].flatMap((spec) => Object.values(spec).map(([variable]) => variable));

/** Every service reads its own settings; whatever is wrong with any of them is said in one go. @throws SettingsError */
export function readStandaloneSettings(env: NodeJS.ProcessEnv): StandaloneSettings {
  const { spelling: _, ...settings } = readTogether<StandaloneSettings & { spelling: undefined }>(env, {
    spelling: (env) => void checkSpelling(env, VARIABLES),
    gateway: readGatewaySettings,
    registry: (env) => readSettings(env, registrySettings),
    runner: (env) => readSettings(env, runnerSettings),
    secrets: readSecretsSettings,
    log: readLogSettings,
    otlp: readOtlpSettings,
  });
  const problems = problemsTogether(settings);
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/** What authors may write and include must be there, and must not hold the keys of the product. */
function problemsTogether({ gateway, registry }: StandaloneSettings): string[] {
  const folder = resolve(registry.integrationsFolder);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return [`FINGERPOST_INTEGRATIONS: ${folder} is no folder; make it, or name the one with your integrations`];
  const way = relative(folder, resolve(gateway.dataFolder));
  if (way.startsWith('..')) return [];
  return [
    'FINGERPOST_DATA: lies in FINGERPOST_INTEGRATIONS, whose files integrations may include; name a folder outside',
  ];
}

function readLogSettings(env: NodeJS.ProcessEnv): LogSettings {
  const { logLevel, logFormat } = readSettings(env, logSettings);
  return { level: logLevel, format: logFormat };
}
