import { type RunOver, secretsSubjects } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';
import type { SecretStore } from '../store/secret-store.ts';
import type { RunLedger } from './run-ledger.ts';
import type { RunTally } from './run-tally.ts';

/** A runner says that a run of its own is over: its ticket is good for nothing more, and what was made for it is taken back. @returns how to stop */
export function hearRunOver(bus: Bus, ledger: RunLedger, tally: RunTally, store: SecretStore): () => void {
  return bus.subscribe(secretsSubjects.anyRunOver, (message, subject) => {
    const { jti } = (message ?? {}) as Partial<RunOver>;
    if (typeof jti !== 'string') return;
    const runnerId = subject.split('.').at(-1)!;
    tally.end(jti, runnerId);
    if (ledger.end(jti, runnerId)) store.release?.(jti);
  });
}
