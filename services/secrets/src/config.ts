import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SECRET_NAME } from '@fingerpost/contracts';
import { list, readSettings, Secret, SettingsError, type SettingsSpec, str } from '@fingerpost/platform';
import { parseHost } from './bounds/host.ts';
import { parseRunnerKey, type RunnerKey } from './runners/runner-key.ts';
import { parseKeys } from './store/file-keys.ts';
import { readVaultSettings, type VaultSettings } from './vault/vault-settings.ts';

export const secretsSettings = {
  // folder for keys and the encrypted secrets file
  dataFolder: ['FINGERPOST_DATA', str({ default: './data' })],

  // comma-separated host:port that calls may reach although private, and by plain http
  outboundAllow: ['FINGERPOST_OUTBOUND_ALLOW', list({ default: [] })],

  // http or https address of a proxy for calls that leave, with user and password if it wants them
  outboundProxy: ['FINGERPOST_OUTBOUND_PROXY', str({ default: '' })],

  // PEM file with certificate authorities to trust beside the public ones
  outboundCa: ['FINGERPOST_OUTBOUND_CA', str({ default: '' })],

  // comma-separated host:port that are told which trace a call belongs to
  traceHosts: ['FINGERPOST_TRACE_HOSTS', list({ default: [] })],

  // 32 bytes in base64 that encrypt the secrets file; without it a key file is kept in the data folder; several to replace one: the first writes, all read
  secretsKeys: ['FINGERPOST_SECRETS_KEY', str({ default: '' })],

  // file with the key by which runners are admitted to NATS; without it there is nobody to admit
  runnerKey: ['NATS_RUNNER_KEY', str({ default: '' })],
} satisfies SettingsSpec;

export interface SecretsSettings {
  dataFolder: string;
  /** `host:port`, as the guard spells it */
  outboundAllow: readonly string[];
  /** for calls to the internet; what `outboundAllow` names is called directly */
  outboundProxy?: URL;
  /** PEM of certificate authorities beside the public ones */
  outboundCa?: string;
  /** `host:port` of our own, which get the header `traceparent` */
  traceHosts?: readonly string[];
  /** of the secrets file: the first one writes, all of them read; none: a key file does */
  secretsKeys: readonly Uint8Array[];
  /** by which runners are admitted to the bus */
  runnerKey?: RunnerKey;
  /** from INTEGRATION_<NAME>, by name */
  integrationSecrets: Readonly<Record<string, Secret>>;
  /** absent: secrets come from the file and the environment alone */
  vault?: VaultSettings;
}

/** @throws SettingsError with every problem at once */
export function readSecretsSettings(env: NodeJS.ProcessEnv): SecretsSettings {
  const problems: string[] = [];
  const { dataFolder, outboundAllow, outboundProxy, outboundCa, traceHosts, secretsKeys, runnerKey } =
    collecting(problems, () => readSettings(env, secretsSettings)) ?? EMPTY;
  const settings = {
    dataFolder,
    outboundAllow: outboundAllow.map((entry) => checkHost('FINGERPOST_OUTBOUND_ALLOW', entry, problems)),
    outboundProxy: outboundProxy === '' ? undefined : checkProxy(outboundProxy, problems),
    outboundCa: outboundCa === '' ? undefined : readCertificates(outboundCa, problems),
    traceHosts: traceHosts.map((entry) => checkHost('FINGERPOST_TRACE_HOSTS', entry, problems)),
    secretsKeys: readKeys(secretsKeys, problems),
    runnerKey: runnerKey === '' ? undefined : readRunnerKey(runnerKey, problems),
    integrationSecrets: readIntegrationSecrets(env, problems),
    vault: collecting(problems, () => readVaultSettings(env, problems)),
  };
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(settings);
}

const EMPTY = {
  ...{ dataFolder: '', outboundAllow: [], outboundProxy: '', outboundCa: '', traceHosts: [] },
  ...{ secretsKeys: '', runnerKey: '' },
};

function collecting<T>(problems: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as Error).name !== 'SettingsError') throw error;
    problems.push(...(error as SettingsError).problems);
  }
}

function checkHost(variable: string, entry: string, problems: string[]): string {
  const host = parseHost(entry);
  const hasPort = /:\d+$/.test(entry);
  if (host === undefined || !hasPort || host.endsWith(':0'))
    problems.push(`${variable}: "${entry}" must be host:port, such as jenkins.acme.internal:8080 or [fd00::1]:443`);
  return host ?? '';
}

// The address itself is not shown: it may hold a password.
function checkProxy(text: string, problems: string[]): URL | undefined {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url;
  problems.push('FINGERPOST_OUTBOUND_PROXY: must be like http://proxy.acme.internal:3128');
}

function readCertificates(file: string, problems: string[]): string | undefined {
  try {
    const pem = readFileSync(file, 'utf8');
    for (const [certificate] of pem.matchAll(CERTIFICATE)) new X509Certificate(certificate);
    if (pem.search(CERTIFICATE) >= 0) return pem;
    problems.push(
      `FINGERPOST_OUTBOUND_CA: ${file} holds no certificate; it must be PEM ("-----BEGIN CERTIFICATE-----")`,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(`FINGERPOST_OUTBOUND_CA: cannot read certificates from ${file} (${code})`);
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function readKeys(text: string, problems: string[]): Uint8Array[] {
  if (text === '') return [];
  const keys = parseKeys(text);
  if (keys === undefined)
    problems.push(
      'FINGERPOST_SECRETS_KEY: each key must be 32 bytes in base64; make one with: openssl rand -base64 32',
    );
  return keys ?? [];
}

function readRunnerKey(file: string, problems: string[]): RunnerKey | undefined {
  try {
    return parseRunnerKey(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    problems.push(
      `NATS_RUNNER_KEY: ${file} holds no key for admitting runners (${code ?? message}); "npm run nats:identities" makes one`,
    );
  }
}

/** INTEGRATION_GH_TOKEN, or INTEGRATION_GH_TOKEN_FILE that names a file which holds it. */
function readIntegrationSecrets(env: NodeJS.ProcessEnv, problems: string[]): Record<string, Secret> {
  const secrets = new Map<string, Secret>();
  for (const [variable, value] of Object.entries(env)) {
    const [, name, isFile] = /^INTEGRATION_(.+?)(_FILE)?$/.exec(variable) ?? [];
    if (name === undefined || !SECRET_NAME.test(name) || value === undefined || value === '') continue;
    if (secrets.has(name)) problems.push(`INTEGRATION_${name} and INTEGRATION_${name}_FILE are both set; keep one`);
    const text = isFile === undefined ? value : readSecretFile(variable, value, problems);
    if (text !== '') secrets.set(name, new Secret(text));
  }
  return Object.freeze(Object.fromEntries(secrets));
}

function readSecretFile(variable: string, file: string, problems: string[]): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    problems.push(`${variable}: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
    return '';
  }
}
