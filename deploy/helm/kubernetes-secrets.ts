/**
 * What each pod of the chart is shown: one Secret, its own. By key the file of the folder that `npm run compose:secrets` makes; keys become
 * files in /run/secrets.
 */
export const SECRETS: Record<string, Record<string, string>> = {
  'fingerpost-gateway': {
    nats_creds: 'nats/creds/gateway.creds',
    redis_password: 'redis/password',
    cache_key: 'cache-key',
    token: 'token',
  },
  'fingerpost-registry': { nats_creds: 'nats/creds/registry.creds', postgres_registry_url: 'postgres/registry-url' },
  'fingerpost-runner': { nats_creds: 'nats/creds/join.creds' },
  'fingerpost-secrets': {
    nats_creds: 'nats/creds/secrets.creds',
    nats_runner_key: 'nats/creds/runner-key.json',
    vault_role_id: 'openbao/role-id',
    vault_secret_id: 'openbao/secret-id',
  },
  'fingerpost-migrate': {
    postgres_migrate_url: 'postgres/migrate-url',
    postgres_services: 'postgres/services',
    postgres_migrate_password: 'postgres/migrate-password',
    postgres_registry_password: 'postgres/registry-password',
  },
  'fingerpost-nats': {
    nats_identities: 'nats/server/identities.conf',
    nats_cert: 'nats/tls.crt',
    nats_key: 'nats/tls.key',
  },
  'fingerpost-redis': { redis_users: 'redis/users.acl', redis_cert: 'redis/tls.crt', redis_key: 'redis/tls.key' },
  'fingerpost-postgres': {
    postgres_password: 'postgres/password',
    postgres_cert: 'postgres/tls.crt',
    postgres_key: 'postgres/tls.key',
  },
  'fingerpost-openbao': {
    openbao_unseal_key: 'openbao/unseal-key',
    openbao_admin_password: 'openbao/admin-password',
    openbao_role_id: 'openbao/role-id',
    openbao_secret_id: 'openbao/secret-id',
    openbao_cert: 'openbao/tls.crt',
    openbao_key: 'openbao/tls.key',
  },
};

/** @returns what `kubectl apply -f -` takes */
export function secretsFrom(read: (file: string) => Buffer) {
  const secrets = Object.entries(SECRETS).map(([name, files]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: 'Opaque',
    data: Object.fromEntries(Object.entries(files).map(([key, file]) => [key, read(file).toString('base64')])),
  }));
  const authority = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'fingerpost-ca' },
    data: { ca: read('ca.crt').toString() },
  };
  return { apiVersion: 'v1', kind: 'List', items: [...secrets, authority] };
}
