import { runProcess } from '@fingerpost/platform';
import { registrySettings } from './config.ts';
import { startRegistry } from './index.ts';

await runProcess('registry', registrySettings, startRegistry);
