export { readSecretsSettings, type SecretsSettings, secretsSettings } from './config.ts';
export { runSecretsCli } from './secrets.cli.ts';
export { type SecretsService, type StartSecrets, startSecrets } from './start-secrets.ts';
export { vaultSettings } from './vault/vault-settings.ts';
