import { readSettings, runProcess, str } from '@fingerpost/platform';
import { gatewaySettings } from './config.ts';
import { startGateway } from './start-gateway.ts';

const settings = {
  ...gatewaySettings,
  // folder of the built web pages
  pages: ['FINGERPOST_PAGES', str({ default: './console/dist' })],
} as const;

await runProcess(
  'gateway',
  (env) => readSettings(env, settings),
  (parts) => startGateway({ ...parts, pages: parts.settings.pages }),
);
