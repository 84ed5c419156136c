import { runProcess } from '@fingerpost/platform';
import { toCollector } from '@fingerpost/platform/otlp';
import { readSecretsSettings } from './config.ts';
import { startSecrets } from './start-secrets.ts';

await runProcess('secrets', readSecretsSettings, startSecrets, toCollector);
