import { readSettings, runProcess } from '@fingerpost/platform';
import { registrySettings } from './config.ts';
import { startRegistry } from './index.ts';

await runProcess('registry', (env) => readSettings(env, registrySettings), startRegistry);
