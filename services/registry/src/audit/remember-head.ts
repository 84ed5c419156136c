import type { Log } from '@fingerpost/platform';
import { type Database, reasonOf } from '@fingerpost/platform/database';
import { head } from './trail.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Says where the trail ends, at the start and every day: a log that is kept elsewhere shows when its tail was cut off. @returns how to stop */
export function rememberHead({ sql }: Database, log: Log): () => void {
  const say = async () => {
    const { seq, hash } = (await head(sql)) ?? { seq: 0, hash: '' };
    if (seq > 0) log.info({ seq, hash }, `the audit trail ends at ${seq}:${hash}`);
  };
  const sayIfItCan = () => void say().catch((error) => log.debug(`cannot read the audit trail: ${reasonOf(error)}`));
  sayIfItCan();
  const timer = setInterval(sayIfItCan, DAY_MS).unref();
  return () => clearInterval(timer);
}
