import { overTheBus, readSettings, runProcess } from '@fingerpost/platform';
import { runnerSettings } from './config.ts';
import { startRunner } from './index.ts';

await runProcess('runner', (env) => readSettings(env, runnerSettings), startRunner, overTheBus);
