import type { Look } from '../look.ts';
import type { Fields, Part, Site } from '../site.ts';

/** The same words as for GitHub, so that one integration can serve both: merge requests are `pulls`, pipelines `actions`. */
const project: Part = {
  name: 'gitlab.project',
  runsOn: ({ segments }) => segments.length >= 2,
  read(look) {
    const { segments } = look;
    const at = segments.indexOf('-');
    const name = at >= 2 ? segments.slice(0, at).join('/') : projectShown(look);
    if (name === undefined) return undefined;
    return {
      page: { name: 'repository', repository: name, section: at < 0 ? CODE : sectionOf(segments.slice(at + 1)) },
    };
  },
};

const CODE: Fields = { name: 'code', resource: '', hash: 'main' };

// Without "/-/" in its address a page may be that of a group: it has to say which.
function projectShown(look: Look): string | undefined {
  const { segments } = look;
  if (look.isAddressOnly) return segments.length === 2 ? segments.join('/') : undefined;
  const shown = look.glimpse('body[data-project-full-path]')?.getAttribute('data-project-full-path');
  return shown === segments.join('/') ? shown : undefined;
}

function sectionOf([kind, id, next, ...rest]: string[]): Fields {
  switch (kind) {
    case undefined:
      return CODE;
    case 'tree':
    case 'blob':
      return { name: 'code', resource: [next, ...rest].filter(Boolean).join('/'), hash: id ?? '' };
    case 'commit':
      return { name: 'commit', resource: '', hash: id ?? '' };
    case 'merge_requests':
      return id === undefined
        ? { name: 'pulls' }
        : {
            name: 'pulls',
            pull: id,
            subsection: next === 'diffs' ? 'files' : next === 'commits' ? next : 'conversation',
          };
    case 'issues':
    case 'work_items':
      return id === undefined ? { name: 'issues' } : { name: 'issues', issue: id };
    case 'pipelines':
      return id === undefined ? { name: 'actions' } : { name: 'actions', run: id };
    case 'jobs':
      return id === undefined ? { name: 'actions' } : { name: 'actions', job: id };
    default:
      return { name: kind };
  }
}

export const gitlab: Site = {
  name: 'gitlab',
  owns: ({ hostname }) => hostname === 'gitlab.com',
  parts: [project],
  readsDocument: true,
};
