import { availableParallelism } from 'node:os';
import { atLeast, SettingsError, type SettingsOf, type SettingsSpec, str } from '@fingerpost/platform';
import type { RequiredWalls } from './sandbox/choose-walls.ts';

export const runnerSettings = {
  // Sandbox processes for approved code. Runs that wait for answers share one; those that compute want a core each.
  processes: ['FINGERPOST_SANDBOXES', atLeast(1)({ default: Math.max(1, Math.min(4, availableParallelism())) })],
  // Megabytes of one sandbox process above which it is ended; by default what there is, shared out, 1500 at most.
  processMemoryMb: ['FINGERPOST_SANDBOX_MEMORY', atLeast(200)({ default: undefined })],
  // Runs at once; a full runner says so and another is asked.
  mostRuns: ['FINGERPOST_RUNS', atLeast(1)({ default: 200 })],
  // Walls that sandbox processes must have; the strongest that the machine offers are used. `none` accepts missing ones, for development only.
  walls: ['FINGERPOST_WALLS', str<RequiredWalls>({ choices: ['namespaces', 'process', 'none'], default: 'process' })],
  // `production` refuses what is for development only.
  nodeEnv: ['NODE_ENV', str({ default: undefined, choices: ['production', 'development', 'test'] })],
} as const satisfies SettingsSpec;

export type RunnerSettings = Omit<SettingsOf<typeof runnerSettings>, 'nodeEnv'> & { readonly nodeEnv?: string };

/** @throws SettingsError where settings that are right alone are wrong together */
export function checkTogether({ walls, nodeEnv }: RunnerSettings): void {
  if (walls === 'none' && nodeEnv === 'production')
    throw new SettingsError(['FINGERPOST_WALLS=none is for development; leave it out with NODE_ENV=production']);
}
