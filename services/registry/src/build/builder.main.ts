/** A build process's life: it reads files, makes bundles and JSON of them, and reaches nothing else. */
import { isFault } from '@fingerpost/contracts';
import { bundle } from './bundle/bundle.ts';
import { parseDataFile } from './data-text.ts';

export interface ToBuilder {
  id: number;
  work: 'bundle' | 'data';
  root: string;
  path: string;
}
export type FromBuilder =
  | { isReady: true }
  | { id: number; made: unknown }
  | { id: number; fault: { message: string; detail?: Record<string, unknown> } };

process.on('message', ({ id, work, root, path }: ToBuilder) => {
  (work === 'bundle' ? bundle(root, path) : parseDataFile(path)).then(
    (made) => say({ id, made }),
    (error) => {
      // No author's fault: the bundler itself has ended, and would say so of every file to come.
      if (!isFault(error)) process.exit(1);
      say({ id, fault: { message: error.message, detail: error.detail } });
    },
  );
});
// Ctrl-C reaches everybody in the terminal; only the parent decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

const say = (message: FromBuilder) => process.send?.(message);

say({ isReady: true });
