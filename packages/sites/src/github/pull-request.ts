import type { Part } from '../site.ts';
import { inSection, isInTab, placeIn } from './repository.ts';

export const pullRequest: Part = {
  name: 'github.pull-request',
  runsOn: (look) => isInTab(look, 'pull', 'pulls'),
  read(look) {
    const place = placeIn(look);
    if (place === undefined) return undefined;
    const [number, tab] = place.rest;
    if (number === undefined) return inSection({ name: 'pulls' });
    return inSection({ name: 'pulls', pull: number, subsection: SUBSECTIONS.get(tab ?? '') ?? 'conversation' });
  },
};

// GitHub shows the changed files under either address.
const SUBSECTIONS = new Map([
  ['files', 'files'],
  ['changes', 'files'],
  ['commits', 'commits'],
]);
