import type { Part } from '../site.ts';
import { inSection, isInTab, placeIn } from './repository.ts';

export const issue: Part = {
  name: 'github.issue',
  runsOn: (look) => isInTab(look, 'issues'),
  read(look) {
    const place = placeIn(look);
    if (place === undefined) return undefined;
    const [number] = place.rest;
    return inSection(number === undefined ? { name: 'issues' } : { name: 'issues', issue: number });
  },
};
