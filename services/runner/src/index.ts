import { type Service, startService } from '@fingerpost/platform';
import { checkTogether } from './config.ts';
import { type RunnerOptions, runnerModule } from './runner.module.ts';

export { type RunnerSettings, runnerSettings } from './config.ts';
export type { RunnerOptions };

/** Rejects when a wall of the sandbox is missing. */
export async function startRunner(options: RunnerOptions): Promise<Service> {
  checkTogether(options.settings);
  return startService('runner', runnerModule(options), options.bus, options.log);
}
