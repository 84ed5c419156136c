export { type GatewaySettings, gatewaySettings } from './config.ts';
export { specOf as providerSettings } from './identity/sign-in/provider-settings.ts';
export { readGatewaySettings } from './read-gateway-settings.ts';
export { type Gateway, type GatewayOptions, startGateway } from './start-gateway.ts';
