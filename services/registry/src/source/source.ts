import type { SourceFault } from '@fingerpost/contracts';

/** `integration` and `data` are served; a `module` matters to the integrations that include it. */
export type FileKind = 'integration' | 'data' | 'module';

export type SourceChange =
  | { state: 'there'; kind: FileKind; file: string; path: string }
  | { state: 'gone'; kind: FileKind; file: string }
  | { state: 'refused'; kind: FileKind; file: string; fault: SourceFault };

export interface SourceBatch {
  /** real path; nothing outside it may be read */
  root: string;
  changes: SourceChange[];
  /** the source itself is not there: that says nothing of what was in it */
  isMissing?: true;
}

/**
 * Where code comes from. The first batch holds everything that is there, later ones what changed since; each file's newest state
 * arrives in the end, states in between may be skipped.
 */
export interface Source {
  start(onBatch: (batch: SourceBatch) => void): void;
  close(): Promise<void>;
}
