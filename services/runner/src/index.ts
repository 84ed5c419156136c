import { type Service, startService } from '@fingerpost/platform';
import { type RunnerOptions, runnerModule } from './runner.module.ts';

export { type RunnerSettings, runnerSettings } from './config.ts';
export type { RunnerOptions };

/** Rejects when a wall of the sandbox is missing. */
export const startRunner = (options: RunnerOptions): Promise<Service> =>
  startService('runner', runnerModule(options), options.bus, options.log);
