import { metrics } from './metrics.ts';

/** When a certificate that this process lives by runs out. @param at epoch milliseconds */
export function tellCertificateExpiry(certificate: string, at: number): void {
  const expiry = metrics.gauge({
    name: 'fingerpost_certificate_expiry_timestamp_seconds',
    help: 'When a certificate runs out, in seconds since 1970.',
    labelNames: ['certificate'],
  });
  expiry.labels(certificate).set(at / 1_000);
}
