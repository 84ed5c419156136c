export { type GatewaySettings, gatewaySettings } from './config.ts';
export { type Gateway, type GatewayOptions, startGateway } from './start-gateway.ts';
