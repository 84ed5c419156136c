import { findServer } from '@fingerpost/platform/testing';
import { componentOf, containersOf, find, podsIn, render, type Values } from './testing/chart.ts';

interface Engine {
  /** by which it is named in manifests */
  traces: RegExp;
  external: Values;
  /** who is told of the external one */
  told: [service: string, variable: string, value: string];
}

const ENGINES: Record<string, Engine> = {
  nats: {
    traces: /\/\/nats:|NATS_SERVICE_HOST|fingerpost-nats|nats_identities|"image":"nats:/,
    external: {
      ...{ 'nats.bundled': false, 'nats.url': 'tls://10.2.0.4:4222', 'nats.serverName': 'nats.acme.internal' },
      'nats.addresses': [{ cidr: '10.2.0.4/32', port: 4222 }],
    },
    told: ['runner', 'NATS_URL', 'tls://10.2.0.4:4222'],
  },
  redis: {
    traces: /\/\/redis:|fingerpost-redis|redis_users|"image":"redis:|redis\.conf/,
    external: {
      ...{ 'redis.bundled': false, 'redis.url': 'rediss://cache.acme.internal:6380' },
      'redis.addresses': [{ cidr: '10.2.1.0/28', port: 6380 }],
    },
    told: ['gateway', 'REDIS_URL', 'rediss://cache.acme.internal:6380'],
  },
  postgres: {
    traces: /fingerpost-postgres|postgres_password|logins\.sql|roles\.sql|service=admin|"name":"postgres"/,
    external: { 'postgres.bundled': false, 'postgres.addresses': [{ cidr: '10.2.2.4/32', port: 5432 }] },
    told: ['registry', 'DATABASE_URL_FILE', '/run/secrets/postgres_registry_url'],
  },
  vault: {
    traces: /openbao|vault_role_id|approle/,
    external: {
      ...{ 'vault.bundled': false, 'vault.url': 'https://vault.acme.internal:8200' },
      'vault.addresses': [{ cidr: '10.2.3.4/32', port: 8200 }],
    },
    told: ['secrets', 'VAULT_ADDR', 'https://vault.acme.internal:8200'],
  },
};
const COMPONENTS: Record<string, string> = { vault: 'openbao' };

(findServer('helm') === undefined ? describe.skip : describe)('an engine of one’s own', () => {
  it.each(Object.entries(ENGINES))('leaves no trace of the bundled %s', (name, { traces, external }) => {
    const component = COMPONENTS[name] ?? name;
    expect(JSON.stringify(render([]))).toMatch(traces);
    const manifests = render([], external);
    expect(manifests.filter((manifest) => componentOf(manifest) === component)).toEqual([]);
    expect(JSON.stringify(manifests)).not.toMatch(traces);
  });

  it.each(Object.entries(ENGINES))(
    '%s, is where its service looks',
    (_name, { external, told: [service, variable, value] }) => {
      const manifests = render([], external);
      const [container] = containersOf(find(manifests, 'Deployment', `fingerpost-${service}`));
      expect(container!.env).toContainEqual({ name: variable, value });
    },
  );

  it('of each kind leaves the four services alone, and the Job that migrates', () => {
    const external = Object.assign({}, ...Object.values(ENGINES).map((engine) => engine.external));
    const pods = podsIn(render([], external)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(pods.filter((pod) => !pod.startsWith('Pod ')).sort()).toEqual([
      'Deployment fingerpost-gateway',
      'Deployment fingerpost-registry',
      'Deployment fingerpost-runner',
      'Deployment fingerpost-secrets',
      'Job fingerpost-migrate',
    ]);
  });
});
