export { readSecretsSettings, type SecretsSettings, secretsSettings } from './config.ts';
export { runSecretsCli } from './secrets.cli.ts';
export { loadRootKey } from './sign/signing-key.ts';
export { type StartSecrets, startSecrets } from './start-secrets.ts';
