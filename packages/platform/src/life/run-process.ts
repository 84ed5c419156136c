import { readFileSync } from 'node:fs';
import { EnvError, makeValidator, str, type ValidatorSpec } from 'envalid';
import type { JWK } from 'jose';
import type { Bus } from '../bus/bus.ts';
import { connectNatsWire } from '../bus/nats-wire.ts';
import { WireBus } from '../bus/wire-bus.ts';
import { readSettings, type SettingsOf, type SettingsSpec } from '../config/settings.ts';
import { createLog, type Log } from '../log/log.ts';
import { readPublicKeys } from '../sign/read-public-keys.ts';
import { runUntilSignal } from './run-until-signal.ts';
import type { Service } from './start-service.ts';

const publicKeyFile = makeValidator<JWK[]>((path) => {
  try {
    return readPublicKeys(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new EnvError(
      `must name a file with the root's public keys, as "npm run secrets -- root-key" prints them: ${(error as Error).message}`,
    );
  }
});

export const logSettings = {
  // trace, debug, info, warn, error
  logLevel: ['LOG_LEVEL', str({ default: 'info', choices: ['trace', 'debug', 'info', 'warn', 'error'] })],
  // One JSON object a line for machines, or lines for people.
  logFormat: [
    'LOG_FORMAT',
    str({ default: process.stdout.isTTY ? 'pretty' : 'json', choices: ['json', 'pretty'] }) as ValidatorSpec<
      'json' | 'pretty'
    >,
  ],
} as const satisfies SettingsSpec;

/** What every service that is a process of its own needs to know. */
export const processSettings = {
  ...logSettings,
  natsUrl: ['NATS_URL', str({ default: 'nats://127.0.0.1:4222' })],
  // The public keys of the root, as a JWK or JWKS: what signatures are judged by. Never learned from the bus.
  rootKeys: ['FINGERPOST_ROOT_KEY', publicKeyFile()],
} as const satisfies SettingsSpec;

export interface ProcessParts<S extends SettingsSpec> {
  settings: SettingsOf<S>;
  bus: Bus;
  log: Log;
  rootKeys: JWK[];
}

/** A service as a process of its own: settings, bus, start; on a signal close, drain, exit. */
export function runProcess<S extends SettingsSpec>(
  name: string,
  spec: S,
  start: (parts: ProcessParts<S>) => Promise<Service>,
): Promise<void> {
  return runUntilSignal(async () => {
    const own = readSettings(process.env, processSettings);
    const settings = readSettings(process.env, spec);
    const log = createLog(name, { level: own.logLevel, format: own.logFormat });
    const bus = new WireBus(await connectNatsWire({ servers: own.natsUrl }), log);
    const service = await start({ settings, bus, log, rootKeys: own.rootKeys });
    log.info('started');
    return {
      close: async () => {
        await service.close();
        await bus.drain();
      },
    };
  });
}
