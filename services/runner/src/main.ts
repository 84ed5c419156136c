import { runProcess } from '@fingerpost/platform';
import { runnerSettings } from './config.ts';
import { startRunner } from './index.ts';

await runProcess('runner', runnerSettings, startRunner);
