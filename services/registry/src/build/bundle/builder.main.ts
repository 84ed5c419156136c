/** A build process's life: it reads files, makes bundles, and reaches nothing else. */
import { isFault } from '@fingerpost/contracts';
import { type Bundle, bundle } from './bundle.ts';

export interface ToBuilder {
  id: number;
  root: string;
  path: string;
}
export type FromBuilder =
  | { isReady: true }
  | { id: number; bundle: Bundle }
  | { id: number; fault: { message: string; detail?: Record<string, unknown> } };

process.on('message', ({ id, root, path }: ToBuilder) => {
  bundle(root, path).then(
    (bundle) => say({ id, bundle }),
    (error) =>
      say({
        id,
        fault: isFault(error) ? { message: error.message, detail: error.detail } : { message: String(error) },
      }),
  );
});
// Ctrl-C reaches everybody in the terminal; only the parent decides.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const say = (message: FromBuilder) => process.send?.(message);

say({ isReady: true });
