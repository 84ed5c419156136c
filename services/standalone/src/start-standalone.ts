import { access, constants, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Gateway, startGateway } from '@fingerpost/gateway';
import { closeSpans, createLog, LocalExchange, SettingsError, WireBus } from '@fingerpost/platform';
import { openOtlp } from '@fingerpost/platform/otlp';
import { startRegistry } from '@fingerpost/registry';
import { startRunner } from '@fingerpost/runner';
import { startSecrets } from '@fingerpost/secrets';
import type { StandaloneSettings } from './config.ts';
import { findFreePort } from './free-port.ts';
import { startDevelopment } from './start-development.ts';

const PAGES = join(import.meta.dirname, '../../../console/dist');

/** The whole product in one process, with sandbox processes beside it: every service on a connection of its own to an in-process bus. */
export async function startStandalone(settings: StandaloneSettings, exchange = new LocalExchange()): Promise<Gateway> {
  await makeDataFolder(settings.gateway.dataFolder);
  const port = settings.gateway.port === 0 ? await findFreePort(settings.gateway.host) : settings.gateway.port;

  const development = settings.hasDevelopmentProvider ? await startDevelopment(settings.gateway, port) : undefined;
  const connect = (service: string) => {
    const log = createLog(service, settings.log);
    return { log, bus: new WireBus(exchange.connect(), log) };
  };
  const parts = {
    secrets: connect('secrets'),
    runner: connect('runner'),
    registry: connect('registry'),
    gateway: connect('gateway'),
  };

  await openOtlp(settings.otlp, 'standalone', parts.gateway.log);

  const outboundAllow = [...settings.secrets.outboundAllow, `127.0.0.1:${port}`, `localhost:${port}`];
  const secrets = await startSecrets({ settings: { ...settings.secrets, outboundAllow }, ...parts.secrets });
  const { rootKeys } = secrets;
  const runner = await startRunner({ settings: settings.runner, rootKeys, ...parts.runner });
  const registry = await startRegistry({ settings: settings.registry, ...parts.registry });
  const gateway = await startGateway({
    settings: {
      ...settings.gateway,
      port,
      providers: [...(settings.gateway.providers ?? []), ...(development?.providers ?? [])],
    },
    rootKeys,
    pages: PAGES,
    ...parts.gateway,
  });

  return {
    url: gateway.url,
    whenReady: gateway.whenReady,
    // From the door inwards: whoever is still being served needs those behind.
    close: async () => {
      for (const service of [gateway, registry, runner, secrets]) await service.close();
      await closeSpans();
      for (const { bus } of Object.values(parts)) await bus.drain();
      await development?.close();
    },
  };
}

async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError([
      `FINGERPOST_DATA: ${resolve(folder)} cannot be used (${code}); name a folder you may write`,
    ]);
  }
}

/** Where to look, for whoever has just typed `npm start`. */
export function sayWhereToLook(
  { url }: Gateway,
  { gateway, registry, hasDevelopmentProvider }: StandaloneSettings,
): void {
  const door = url.replace('127.0.0.1', 'localhost');
  const token = resolve(gateway.dataFolder, 'token');
  const asAnybody = hasDevelopmentProvider ? ' (development only: as anybody, without a password)' : '';
  const canSignIn = hasDevelopmentProvider || (gateway.providers ?? []).length > 0;
  const lines = [
    ['The bar', door],
    canSignIn && ['Sign in', `${door}/sign-in${asAnybody}`],
    ['API token', `${token}${gateway.token === undefined ? '' : ' (or FINGERPOST_TOKEN)'}`],
    ['Integrations', resolve(registry.integrationsFolder)],
  ].filter((line) => line !== false);
  console.log(
    `\n  Fingerpost is ready.\n\n${lines.map(([what, where]) => `    ${what!.padEnd(13)} ${where}`).join('\n')}\n`,
  );
}
