import { readSettings, runProcess } from '@fingerpost/platform';
import { toCollector } from '@fingerpost/platform/otlp';
import { registrySettings } from './config.ts';
import { startRegistry } from './index.ts';

await runProcess('registry', (env) => readSettings(env, registrySettings), startRegistry, toCollector);
