import { metrics } from '@fingerpost/platform';
import type { Catalogue } from './catalogue.ts';

/** How many files serve and how many are broken, and at which epoch this replica is. */
export function watchCatalogue(catalogue: Pick<Catalogue, 'counts' | 'epoch'>): void {
  metrics.gauge({
    name: 'fingerpost_registry_integrations',
    help: 'Files of integrations by state; a broken one whose last good version goes on is broken.',
    labelNames: ['state'],
    collect() {
      for (const [state, count] of Object.entries(catalogue.counts)) this.labels(state).set(count);
    },
  });
  metrics.gauge({
    name: 'fingerpost_registry_epoch',
    help: 'The catalogue’s version number that this replica serves.',
    collect() {
      this.set(catalogue.epoch);
    },
  });
}
