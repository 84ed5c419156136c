import { type SecretsNotice, secretsSubjects } from '@fingerpost/contracts';
import type { Bus, Log } from '@fingerpost/platform';
import type { SecretStore } from './secret-store.ts';

const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 2_000;

/** Says the store's revision, and what is amiss with it, at each change and every 2 s. @returns how to stop it */
export function announceRevision(store: SecretStore, bus: Bus, log: Log): () => void {
  let said = { notice: '', at: Number.NEGATIVE_INFINITY };
  let isUnreadable = false;
  const look = async () => {
    try {
      const notice: SecretsNotice = { revision: await store.revision(), outage: store.outage?.()?.slice(0, 500) };
      isUnreadable = false;
      const text = JSON.stringify(notice);
      if (isStopped || (text === said.notice && performance.now() - said.at < SAY_EVERY_MS)) return;
      said = { notice: text, at: performance.now() };
      bus.publish(secretsSubjects.revision, notice);
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
