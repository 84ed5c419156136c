import type { Log } from '@fingerpost/platform';
import type { AdmitSettings } from '../build/admit-version.ts';
import type { Builder } from '../build/builder.ts';
import type { Inspector } from '../build/inspector.ts';
import { SourceFollower } from '../build/source-follower.ts';
import type { StoreFollower } from '../catalogue/store-follower.ts';
import type { Source } from '../source/source.ts';
import type { CatalogueStore } from '../store/catalogue-store.ts';
import { BringIntoForce } from './bring-into-force.ts';
import { Draft } from './draft.ts';
import type { Term } from './leadership.ts';

export interface TermParts {
  store: CatalogueStore;
  follower: StoreFollower;
  openSource: () => Source;
  startBuilder: () => Builder;
  inspector: Inspector;
  settings: AdmitSettings;
  log: Log;
}

/** A replica begins to lead: it goes on from what the store has, and looks at the source anew. */
export async function beginTerm(parts: TermParts): Promise<Term> {
  const { store, follower, inspector, settings, log } = parts;
  const { term, saved } = await store.beginTerm();
  const over = new AbortController();
  const draft = new Draft(saved);
  const onSaved = () => follower.look();
  const bring = new BringIntoForce({ draft, store, term, log, onSaved, onOver: () => over.abort() });
  const source = new SourceFollower({
    source: parts.openSource(),
    draft,
    bring,
    builder: parts.startBuilder(),
    inspector,
    settings,
    log,
    onLoaded: () => follower.open(),
  });
  source.start();
  return {
    over: over.signal,
    close: async () => {
      await source.close();
      await bring.close();
    },
  };
}
