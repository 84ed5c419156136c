import { connectNatsWire, createLog, readSettings, runUntilSignal, WireBus } from '@fingerpost/platform';
import { processSettings, readSecretsSettings } from './config.ts';
import { startSecrets } from './start-secrets.ts';

await runUntilSignal(async () => {
  const { natsUrl, logLevel, logFormat } = readSettings(process.env, processSettings);
  const settings = readSecretsSettings(process.env);
  const log = createLog('secrets', { level: logLevel, format: logFormat });
  const bus = new WireBus(await connectNatsWire({ servers: natsUrl }), log);
  const service = await startSecrets({ settings, bus, log });
  return {
    close: async () => {
      await service.close();
      await bus.drain();
    },
  };
});
