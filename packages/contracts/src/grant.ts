import type { Isolation, Scope } from './integration.ts';
import type { SecretBinding } from './secret-binding.ts';

/** What a run may use up. A run that passes a limit ends with the code named beside it. */
export interface RunLimits {
  /** `run.timed_out` */
  wallMs: number;
  /** `run.out_of_cpu` */
  cpuMs: number;
  /** `run.out_of_memory` */
  memoryMb: number;
  /** `run.too_many_calls`: outbound calls and cache operations together */
  calls: number;
  /** `outbound.too_large`, for one call */
  requestBytes: number;
  /** `outbound.too_large`, for one call */
  responseBytes: number;
  /** further lines are dropped and counted */
  logLines: number;
  /** `run.result_too_large` */
  resultBytes: number;
}

export const DEFAULT_LIMITS: Readonly<RunLimits> = {
  wallMs: 5_000,
  cpuMs: 2_000,
  memoryMb: 64,
  calls: 50,
  requestBytes: 1_000_000,
  responseBytes: 5_000_000,
  logLines: 100,
  resultBytes: 200_000,
};

/** What the registry, after approval, lets one digest do. Travels as a signed envelope of type `grant`. */
export interface Grant {
  digest: string;
  name: string;
  /** Grows with every change of what the digest may do; tickets and answers are bound to it. */
  revision: number;
  scope: Scope;
  isolation: Isolation;
  /** Unapproved code never shares a process with approved code. */
  isApproved: boolean;
  /** Hosts that the code may call, without a secret too. */
  hosts: string[];
  /** How the hosts came about: an author who wrote them down said something, a derivation guessed. */
  areHostsDerived: boolean;
  secrets: Record<string, SecretBinding>;
  limits: RunLimits;
  /** Empty: everybody. */
  groups: string[];
}
