import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type GatewaySettings, gatewaySettings, readGatewaySettings } from '@fingerpost/gateway';
import {
  bool,
  checkSpelling,
  isLoopback,
  type LogSettings,
  logSettings,
  readSettings,
  readTogether,
  SettingsError,
  type SettingsOf,
  type SettingsSpec,
} from '@fingerpost/platform';
import { type OtlpSettings, otlpSettings, readOtlpSettings } from '@fingerpost/platform/otlp';
import { type RegistrySettings, registrySettings } from '@fingerpost/registry';
import { type RunnerSettings, runnerSettings } from '@fingerpost/runner';
import { readSecretsSettings, type SecretsSettings, secretsSettings } from '@fingerpost/secrets';

export const standaloneSettings = {
  // people to sign in as, without passwords; by default where nothing else is named, on this machine alone, and never in production
  developmentProvider: ['FINGERPOST_DEVELOPMENT_PROVIDER', bool({ default: undefined })],
} as const satisfies SettingsSpec;

export interface StandaloneSettings {
  hasDevelopmentProvider: boolean;
  gateway: GatewaySettings;
  registry: RegistrySettings;
  runner: RunnerSettings;
  secrets: SecretsSettings;
  log: LogSettings;
  otlp: OtlpSettings;
}

const VARIABLES = [
  gatewaySettings,
  registrySettings,
  runnerSettings,
  secretsSettings,
  logSettings,
  otlpSettings,
  standaloneSettings,
].flatMap((spec) => Object.values(spec).map(([variable]) => variable));

/** Every service reads its own settings; whatever is wrong with any of them is said in one go. @throws SettingsError */
export function readStandaloneSettings(env: NodeJS.ProcessEnv): StandaloneSettings {
  const {
    spelling: _,
    own,
    ...read
  } = readTogether<Read>(env, {
    spelling: (env) => void checkSpelling(env, VARIABLES),
    gateway: readGatewaySettings,
    registry: (env) => readSettings(env, registrySettings),
    runner: (env) => readSettings(env, runnerSettings),
    secrets: readSecretsSettings,
    log: readLogSettings,
    otlp: readOtlpSettings,
    own: readOwn,
  });
  const settings = { ...read, hasDevelopmentProvider: own.developmentProvider ?? isForDevelopment(read, env) };
  const problems = problemsTogether(settings);
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

type Read = Omit<StandaloneSettings, 'hasDevelopmentProvider'> & {
  spelling: undefined;
  own: SettingsOf<typeof standaloneSettings>;
};

function readOwn(env: NodeJS.ProcessEnv): Read['own'] {
  const own = readSettings(env, standaloneSettings);
  if (own.developmentProvider !== true || env.NODE_ENV !== 'production') return own;
  throw new SettingsError([
    'FINGERPOST_DEVELOPMENT_PROVIDER: lets anybody be anybody, and NODE_ENV is production; name a provider in FINGERPOST_OIDC',
  ]);
}

/** Where nobody else says who people are, and nobody but this machine's people come. */
const isForDevelopment = ({ gateway: { oidc, url, host } }: Pick<Read, 'gateway'>, { NODE_ENV }: NodeJS.ProcessEnv) =>
  oidc.length === 0 && url === '' && isLoopback(host) && NODE_ENV !== 'production';

/** What authors may write and include must be there, and must not hold the keys of the product. */
function problemsTogether({ gateway, registry }: StandaloneSettings): string[] {
  const folder = resolve(registry.integrationsFolder);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return [`FINGERPOST_INTEGRATIONS: ${folder} is no folder; make it, or name the one with your integrations`];
  const way = relative(folder, resolve(gateway.dataFolder));
  if (way.startsWith('..')) return [];
  return [
    'FINGERPOST_DATA: lies in FINGERPOST_INTEGRATIONS, whose files integrations may include; name a folder outside',
  ];
}

function readLogSettings(env: NodeJS.ProcessEnv): LogSettings {
  const { logLevel, logFormat } = readSettings(env, logSettings);
  return { level: logLevel, format: logFormat };
}
