export { type GatewaySettings, gatewaySettings } from './config.ts';
export { readRedisSettings } from './redis/redis-settings.ts';
export { type Gateway, type GatewayOptions, startGateway } from './start-gateway.ts';
