import { X509Certificate } from 'node:crypto';
import type { BusRole } from '@fingerpost/contracts';
import { str, type ValidatorSpec } from 'envalid';
import type { JWK } from 'jose';
import type { Bus } from '../bus/bus.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { joinAsRunner } from '../bus/join-as-runner.ts';
import { checkSpelling } from '../config/check-spelling.ts';
import { SETTING_NAMES } from '../config/setting-names.ts';
import { fileOf, listOf, readSettings, readTogether, type SettingsOf, type SettingsSpec } from '../config/settings.ts';
import { createLog, type Log } from '../log/log.ts';
import { tellBuild } from '../metrics/build.ts';
import { tellCertificateExpiry } from '../metrics/certificates.ts';
import { Secret } from '../redact/secret.ts';
import { readPublicKeys } from '../sign/read-public-keys.ts';
import { closeSpans } from '../trace/span.ts';
import { runUntilSignal } from './run-until-signal.ts';
import type { Service } from './start-service.ts';

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

const certificate = fileOf('certificates (PEM)', (pem) => {
  new X509Certificate(pem);
  return pem;
});
const privateKey = fileOf('a private key (PEM)', (pem) => {
  if (!pem.includes('PRIVATE KEY-----')) throw new Error('there is none in it');
  return new Secret(pem);
});
const credentials = fileOf('NATS credentials', (creds) => {
  if (!/BEGIN NATS USER JWT/.test(creds) || !/BEGIN USER NKEY SEED/.test(creds))
    throw new Error('there are none in it');
  return new Secret(creds);
});
const publicKeys = fileOf(
  'the root’s public keys, as "npm run --silent secrets -- root-key" prints them',
  readPublicKeys,
);

// Not shown: it may hold a password.
const natsServers = listOf((text) => {
  const url = URL.parse(text.includes('://') ? text : `nats://${text}`);
  const isRight = url !== null && /^(nats|tls):$/.test(url.protocol) && url.hostname !== '';
  return isRight ? undefined : 'must be like nats://nats.acme.internal:4222, or tls:// in front';
});

/** What every service that is a process of its own needs to know. */
export const busSettings = {
  ...logSettings,
  // the NATS servers, comma-separated
  natsUrl: ['NATS_URL', natsServers({ default: ['nats://127.0.0.1:4222'] })],
  // who we are there; a runner has those of `join` and makes an identity of its own
  natsCreds: ['NATS_CREDS', credentials({ default: undefined })],
  // certificate authorities to trust in for NATS
  natsCa: ['NATS_CA', certificate({ default: undefined })],
  // the name in their certificates, where they are called by an address
  natsServerName: ['NATS_SERVER_NAME', str({ default: undefined })],
  // our own certificate and its key, where the server wants to see one
  natsCert: ['NATS_CERT', certificate({ default: undefined })],
  natsKey: ['NATS_KEY', privateKey({ default: undefined })],
} as const satisfies SettingsSpec;

export const rootKeySettings = {
  // the public keys of the root, as a JWK or JWKS: what signatures are judged by. Never learned from the bus
  rootKeys: [
    'FINGERPOST_ROOT_KEY',
    publicKeys({ desc: 'name a file that was made with: npm run --silent secrets -- root-key > root.json' }),
  ],
} as const satisfies SettingsSpec;

export interface ProcessParts<S> {
  settings: S;
  bus: Bus;
  log: Log;
  /** none for the secrets service: it has the root itself */
  rootKeys: JWK[];
  /** a runner's name on the bus, where the bus gives it one */
  runnerId?: string;
}

/** A way for the spans of a process: read with its settings, opened before it starts. */
export interface SpanWay<W> {
  read(env: NodeJS.ProcessEnv): W;
  open(settings: W, role: string, parts: Pick<ProcessParts<unknown>, 'bus' | 'log' | 'runnerId'>): Promise<void>;
}

/** A service as a process of its own: settings, bus, start; on a signal close, drain, exit. */
export function runProcess<S, W>(
  role: Exclude<BusRole, 'join'>,
  readOwn: (env: NodeJS.ProcessEnv) => S,
  start: (parts: ProcessParts<S>) => Promise<Service>,
  spans: SpanWay<W>,
): Promise<void> {
  const read = (env: NodeJS.ProcessEnv) =>
    readTogether(env, {
      spelling: (env) => void checkSpelling(env, SETTING_NAMES),
      own: readOwn,
      shared: (env) => readSettings(env, busSettings),
      way: spans.read,
      rootKeys: (env) => (role === 'secrets' ? undefined : readSettings(env, rootKeySettings).rootKeys),
    });
  return runUntilSignal(async ({ own, shared, way, rootKeys = [] }) => {
    const log = createLog(role, { level: shared.logLevel, format: shared.logFormat });
    tellBuild(role);
    tellExpiryOf('NATS authority', shared.natsCa);
    tellExpiryOf('NATS client', shared.natsCert);
    const { bus, id: runnerId } = await connect(role, shared, log);
    await spans.open(way, role, { bus, log, runnerId });
    const service = await start({ settings: own, bus, log, rootKeys, runnerId });
    log.info('started');
    return {
      close: async () => {
        await service.close();
        await closeSpans();
        await bus.drain();
      },
    };
  }, read);
}

function tellExpiryOf(name: string, pem: string | undefined): void {
  if (pem !== undefined) tellCertificateExpiry(name, new X509Certificate(pem).validToDate.getTime());
}

async function connect(role: BusRole, settings: SettingsOf<typeof busSettings>, log: Log) {
  const { natsUrl: servers, natsCreds } = settings;
  const tls = tlsOf(settings);
  const creds = natsCreds === undefined ? undefined : Buffer.from(natsCreds.reveal());
  if (role === 'runner' && creds !== undefined) return joinAsRunner({ servers, tls, creds }, log);
  return { bus: await connectBus(role, { servers, tls, creds }, log), id: undefined };
}

function tlsOf({
  natsCa: ca,
  natsCert: cert,
  natsKey: key,
  natsServerName: servername,
}: SettingsOf<typeof busSettings>) {
  if (ca === undefined && cert === undefined && servername === undefined) return undefined;
  return { ca, cert, key: key?.reveal(), ...(servername !== undefined && { servername }) };
}
