import type { Json } from './context.ts';

/** The person who looks. Only `scope: 'user'` code is told. */
export interface Viewer {
  subject: string;
  email?: string;
  groups: string[];
  roles: string[];
}

/** Permission for ONE run. Travels as a signed envelope of type `ticket`, signed by a gateway. */
export interface Ticket {
  jti: string;
  digest: string;
  name: string;
  grantRevision: number;
  /** sha256 of the canonical JSON of the run's input, base64url */
  inputHash: string;
  /** `org`, or the subject of the one viewer for whom the answer counts */
  viewerScope: string;
  /** epoch milliseconds by the gateway's clock; verifiers allow for {@link CLOCK_SKEW_MS} */
  expiresAt: number;
}

export const CLOCK_SKEW_MS = 150_000;

/** What a run is given besides its code. */
export interface RunInput {
  context: Json;
  /** digest of the data files' bundle */
  dataDigest?: string;
  viewer?: Viewer;
}
