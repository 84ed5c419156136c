import { relative, resolve } from 'node:path';
import { type GatewaySettings, gatewaySettings, readRedisSettings } from '@fingerpost/gateway';
import { type LogSettings, logSettings, readSettings, SettingsError } from '@fingerpost/platform';
import { type RegistrySettings, registrySettings } from '@fingerpost/registry';
import { type RunnerSettings, runnerSettings } from '@fingerpost/runner';
import { readSecretsSettings, type SecretsSettings } from '@fingerpost/secrets';

export interface StandaloneSettings {
  gateway: GatewaySettings;
  registry: RegistrySettings;
  runner: RunnerSettings;
  secrets: SecretsSettings;
  log: LogSettings;
}

/** Every service reads its own settings; whatever is wrong with any of them is said in one go. @throws SettingsError */
export function readStandaloneSettings(env: NodeJS.ProcessEnv): StandaloneSettings {
  const problems: string[] = [];
  const read = <T>(part: () => T): T => {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      problems.push(...error.problems);
      return undefined as T; // never used: the problems are thrown below
    }
  };
  const settings = {
    gateway: read(() => readSettings(env, gatewaySettings)),
    registry: read(() => readSettings(env, registrySettings)),
    runner: read(() => readSettings(env, runnerSettings)),
    secrets: read(() => readSecretsSettings(env)),
    log: read(() => readLogSettings(env)),
  };
  if (problems.length === 0) read(() => readRedisSettings(settings.gateway));
  if (problems.length === 0) problems.push(...problemsTogether(settings));
  if (problems.length > 0) throw new SettingsError([...new Set(problems)]);
  return settings;
}

/** What authors may write and include must not hold the keys of the product. */
function problemsTogether({ gateway, registry }: StandaloneSettings): string[] {
  const way = relative(resolve(registry.integrationsFolder), resolve(gateway.dataFolder));
  if (way.startsWith('..')) return [];
  return [
    'FINGERPOST_DATA: lies in FINGERPOST_INTEGRATIONS, whose files integrations may include; name a folder outside',
  ];
}

function readLogSettings(env: NodeJS.ProcessEnv): LogSettings {
  const { logLevel, logFormat } = readSettings(env, logSettings);
  return { level: logLevel, format: logFormat };
}
