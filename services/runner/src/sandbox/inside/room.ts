import type { Globals } from './globals.ts';
import type { Home } from './home.ts';
import type { Isolate } from './ivm.ts';

/** Whether the web's APIs are there from the beginning: a third of the work for those who name none. */
export type Kit = 'bare' | 'web';

/** An isolate, and in it a global that waits for its one run. */
export interface ReadyRoom {
  isolate: Isolate;
  globals: Globals;
}

/** The same when a run lives in it. */
export interface Room extends ReadyRoom {
  /** whose code */
  owner: string;
  takenAt: number;
  /** absent: the isolate ends with the run */
  home?: Home;
}
