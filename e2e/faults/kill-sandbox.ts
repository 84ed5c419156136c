import { descendantsOf } from '../../packages/platform/src/testing/descendants-of.ts';

/** Ends one sandbox process of that runner without a word. */
export function killSandboxOf(runner: number): void {
  const [sandbox] = descendantsOf(runner).slice(-1);
  if (sandbox !== undefined) process.kill(sandbox, 'SIGKILL');
}
