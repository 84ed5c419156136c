import type { Fields, Part } from '../site.ts';
import { inSection, isInTab, placeIn } from './repository.ts';

/** Workflows, their runs, and the jobs of a run. */
export const actions: Part = {
  name: 'github.actions',
  runsOn: (look) => isInTab(look, 'actions'),
  read(look) {
    const place = placeIn(look);
    return place && inSection({ name: 'actions', ...named(place.rest) });
  },
};

function named([kind, id, , job]: string[]): Fields {
  if (kind === 'workflows' && id !== undefined) return { workflow: id };
  if (kind !== 'runs' || id === undefined) return {};
  return job === undefined ? { run: id } : { run: id, job };
}
