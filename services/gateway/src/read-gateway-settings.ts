import { readSettings, readTogether } from '@fingerpost/platform';
import { type GatewaySettings, gatewaySettings } from './config.ts';
import { readRedisSettings, redisOnly } from './redis/redis-settings.ts';

/** @throws SettingsError, for settings that are right alone and wrong together too */
export function readGatewaySettings(env: NodeJS.ProcessEnv): GatewaySettings {
  const { settings } = readTogether(env, {
    settings: (env) => readSettings(env, gatewaySettings),
    redis: (env) => readRedisSettings(readSettings(env, redisOnly)),
  });
  return settings;
}
