import { readSettings, runProcess, str } from '@fingerpost/platform';
import { toCollector } from '@fingerpost/platform/otlp';
import { readGatewaySettings } from './read-gateway-settings.ts';
import { startGateway } from './start-gateway.ts';

const pageSettings = {
  // folder of the built web pages
  pages: ['FINGERPOST_PAGES', str({ default: './console/dist' })],
} as const;

await runProcess(
  'gateway',
  (env) => ({ ...readGatewaySettings(env), ...readSettings(env, pageSettings) }),
  (parts) => startGateway({ ...parts, pages: parts.settings.pages }),
  toCollector,
);
