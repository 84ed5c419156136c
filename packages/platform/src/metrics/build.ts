import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metrics } from './metrics.ts';

/** Which service this is, and of which release. */
export function tellBuild(service: string): void {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const info = metrics.gauge({
    name: 'fingerpost_build_info',
    help: 'Always 1: what is told is in the labels.',
    labelNames: ['service', 'version'],
  });
  info.labels(service, version).set(1);
}
