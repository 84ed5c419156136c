import type { Target } from '../target.ts';
import type { HOSTILE } from './hostile.ts';
import type { PageType } from './pages.ts';

/** Something that runs integrations, with or without walls. What it cannot do is absent. */
export interface Sandboxed extends Target {
  /** Puts so many runs, each of a version of its own, where each waits for its upstream. Takes the answers in when it is called back. */
  hold?(type: PageType, count: number): Promise<() => Promise<void>>;
  /** Lets one hostile program run until it is stopped. */
  suffer?(program: keyof typeof HOSTILE): Promise<void>;
  /** Another of its kind that has run nothing yet. */
  another?(): Promise<Sandboxed>;
}
