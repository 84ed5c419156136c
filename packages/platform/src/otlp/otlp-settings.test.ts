import { inspect } from 'node:util';
import { readOtlpSettings } from './otlp-settings.ts';
import { isWantedBy } from './sampler.ts';

describe('settings of traces', () => {
  it('trace nothing by default', () => expect(readOtlpSettings({}).endpoint).toBeUndefined());

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'half'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'Bearer of-secrets'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'production'],
  ])('refuse %s=%s by name', (variable, value) => {
    expect(() => readOtlpSettings({ [variable]: value })).toThrow(`${variable}: `);
  });

  it('show the headers to nobody', () => {
    const { headers } = readOtlpSettings({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2' });
    expect(headers.authorization!.reveal()).toBe('Bearer hunter2');
    expect(inspect(headers) + JSON.stringify(headers)).not.toContain('hunter2');
  });
});

describe('which traces are told', () => {
  const low = `${'0'.repeat(31)}1`;
  const high = 'f'.repeat(8).padEnd(32, '0');

  it.each([
    ['always_on', 1, [true, true]],
    ['parentbased_always_on', 0, [true, true]],
    ['always_off', 1, [false, false]],
    ['traceidratio', 0.5, [true, false]],
    ['parentbased_traceidratio', 0.5, [true, false]],
    ['traceidratio', 0, [false, false]],
  ] as const)('%s %d', (sampler, ratio, expected) => {
    expect([low, high].map(isWantedBy({ sampler, ratio }))).toEqual(expected);
  });
});
