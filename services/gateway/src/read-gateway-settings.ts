import { readSettings } from '@fingerpost/platform';
import { type GatewaySettings, gatewaySettings } from './config.ts';
import { readRedisSettings } from './redis/redis-settings.ts';

/** @throws SettingsError, for settings that are right alone and wrong together too */
export function readGatewaySettings(env: NodeJS.ProcessEnv): GatewaySettings {
  const settings = readSettings(env, gatewaySettings);
  readRedisSettings(settings);
  return settings;
}
