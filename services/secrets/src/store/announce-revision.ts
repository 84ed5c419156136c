import { type SecretsNotice, secretsSubjects } from '@fingerpost/contracts';
import type { Bus, Log } from '@fingerpost/platform';
import type { SecretStore } from './secret-store.ts';

const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 2_000;

/** Says the store's revision at each change and every 2 s. @returns how to stop it */
export function announceRevision(store: SecretStore, bus: Bus, log: Log): () => void {
  let said = { revision: '', at: Number.NEGATIVE_INFINITY };
  let isUnreadable = false;
  const look = async () => {
    try {
      const revision = await store.revision();
      isUnreadable = false;
      if (isStopped || (revision === said.revision && performance.now() - said.at < SAY_EVERY_MS)) return;
      said = { revision, at: performance.now() };
      bus.publish(secretsSubjects.revision, { revision } satisfies SecretsNotice);
    } catch (error) {
      if (!isUnreadable) log.error({ err: error }, 'the secrets cannot be read');
      isUnreadable = true;
    }
  };
  let isStopped = false;
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  void look();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
