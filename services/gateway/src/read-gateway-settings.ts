import { isLoopback, readSettings, readTogether, SettingsError } from '@fingerpost/platform';
import { type GatewaySettings, gatewaySettings } from './config.ts';
import { readProviders } from './identity/sign-in/provider-settings.ts';
import { readRedisSettings, redisOnly } from './redis/redis-settings.ts';

/** @throws SettingsError, for settings that are right alone and wrong together too */
export function readGatewaySettings(env: NodeJS.ProcessEnv): GatewaySettings {
  const { settings } = readTogether(env, {
    settings: (env) => readSettings(env, gatewaySettings),
    redis: (env) => readRedisSettings(readSettings(env, redisOnly)),
  });
  const providers = readProviders(env, settings.oidc);
  if (providers.length > 0 && settings.url === '' && !isLoopback(settings.host))
    throw new SettingsError([
      'FINGERPOST_URL: is missing; providers send people back there, such as https://fingerpost.acme.dev',
    ]);
  return { ...settings, providers };
}
