import { EnvError, makeValidator } from 'envalid';
import { readSettings, type SettingsSpec, str, url } from '../config/settings.ts';
import { Secret } from '../redact/secret.ts';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const ratio = makeValidator<number>((text) => {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new EnvError(`must be a number from 0 to 1, got "${text}"`);
  return value;
});

/** As OpenTelemetry writes lists of them: `name=value,name=value`, percent-encoded. */
export type Pairs = Readonly<Record<string, string>>;
const parsePairs = (text: string): Pairs =>
  Object.fromEntries(
    text.split(',').map((pair) => {
      const [, name, value] = /^\s*([^=\s]+)\s*=(.*)$/.exec(pair) ?? [];
      if (name === undefined) throw new EnvError('must be like name=value,name=value');
      return [decodeURIComponent(name), decodeURIComponent(value!.trim())];
    }),
  );
const pairs = makeValidator<Pairs>(parsePairs);
/** Values that open a door somewhere: nothing prints them. */
const secretPairs = makeValidator<Readonly<Record<string, Secret>>>((text) =>
  Object.fromEntries(Object.entries(parsePairs(text)).map(([name, value]) => [name, new Secret(value)])),
);

/** OpenTelemetry's own names. Without an endpoint nothing is traced. */
export const otlpSettings = {
  // where spans are sent by OTLP over HTTP, such as http://collector:4318
  endpoint: ['OTEL_EXPORTER_OTLP_ENDPOINT', url({ default: undefined })],
  // headers to send along, name=value, comma-separated
  headers: ['OTEL_EXPORTER_OTLP_HEADERS', secretPairs({ default: {} })],
  // which requests are traced
  sampler: ['OTEL_TRACES_SAMPLER', str({ default: 'parentbased_always_on', choices: SAMPLERS })],
  // the part of them where the sampler goes by a ratio
  ratio: ['OTEL_TRACES_SAMPLER_ARG', ratio({ default: 1 })],
  // the name under which this service's spans go
  serviceName: ['OTEL_SERVICE_NAME', str({ default: undefined })],
  // what else is said of it, name=value, comma-separated
  attributes: ['OTEL_RESOURCE_ATTRIBUTES', pairs({ default: {} })],
} as const satisfies SettingsSpec;

export type OtlpSettings = ReturnType<typeof readOtlpSettings>;

/** @throws SettingsError */
export const readOtlpSettings = (env: NodeJS.ProcessEnv) => readSettings(env, otlpSettings);
