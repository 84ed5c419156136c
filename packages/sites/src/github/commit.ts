import type { Part } from '../site.ts';
import { inSection, isInTab, placeIn } from './repository.ts';

export const commit: Part = {
  name: 'github.commit',
  runsOn: (look) => isInTab(look, 'commit'),
  read(look) {
    const place = placeIn(look);
    return place && inSection({ name: 'commit', resource: '', hash: place.rest[0] ?? '' });
  },
};
