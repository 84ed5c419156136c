export { openOtlp, toCollector } from './open-otlp.ts';
export { type OtlpSettings, otlpSettings, readOtlpSettings } from './otlp-settings.ts';
