import type { Log, Verifier } from '@fingerpost/platform';
import type { JWK } from 'jose';
import type { Root } from './root.ts';

const LOOK_EVERY_MS = 30_000;

/** After a rotation the verifier judges by the new keys too, without a restart. @returns how to stop */
export function followRootKeys(
  root: Root,
  known: readonly JWK[],
  verifier: Verifier,
  log: Log,
  everyMs = LOOK_EVERY_MS,
): () => void {
  let last = JSON.stringify(known);
  const look = async () => {
    try {
      const keys = await root.publicKeys();
      if (JSON.stringify(keys) === last) return;
      last = JSON.stringify(keys);
      verifier.setRootKeys(keys);
      log.info(
        { keys: keys.length },
        'the root has other public keys now: every service needs them in FINGERPOST_ROOT_KEY',
      );
    } catch (error) {
      log.debug({ err: error }, 'the public keys of the root cannot be read'); // what is known goes on counting
    }
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return () => clearInterval(timer);
}
