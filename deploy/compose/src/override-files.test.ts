import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => parse(readFileSync(join(ROOT, path), 'utf8'), { merge: true });

interface Service {
  image?: string;
  environment?: Record<string, string>;
  networks?: string[] | Record<string, object>;
  ports?: string[];
  volumes?: string[];
  secrets?: string[];
}
const networksOf = ({ networks = [] }: Service) => (Array.isArray(networks) ? networks : Object.keys(networks));

describe.each(['development', 'monitoring'])('%s.yml', (name) => {
  const { services, networks } = read(`deploy/compose/${name}.yml`) as {
    services: Record<string, Service>;
    networks: Record<string, { internal?: boolean }>;
  };
  const added = Object.entries(services).filter(([, { image }]) => image !== undefined);

  it('is asked from this machine alone', () => {
    const ports = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('adds containers that can write nothing and become nobody', () => {
    for (const [, service] of added)
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  it('mounts files that are there', () => {
    const files = Object.values(services)
      .flatMap(({ volumes = [] }) => volumes)
      .map((volume) => volume.split(':')[0]!)
      .filter((path) => path.startsWith('./'));
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('gives nobody a way out', () => {
    const open = Object.keys(networks).filter((network) => !networks[network]!.internal);
    expect(added.flatMap(([, service]) => networksOf(service)).filter((network) => open.includes(network))).toEqual(
      name === 'monitoring' ? ['dashboards'] : [],
    );
  });
});

describe('monitoring.yml', () => {
  const { services } = read('deploy/compose/monitoring.yml') as { services: Record<string, Service> };

  it('has runners meet nobody but Prometheus, which answers on another network', () => {
    const met = Object.keys(services).filter((name) => networksOf(services[name]!).includes('runner-metrics'));
    expect(met).toEqual(['runner', 'prometheus']);
    expect(networksOf(services.grafana!)).toEqual(['watching', 'dashboards']);
  });

  it('has every service answer Prometheus alone', () => {
    const addresses = services.prometheus!.networks as Record<string, { ipv4_address: string }>;
    for (const [name, network] of Object.entries({
      gateway: 'metrics',
      registry: 'metrics',
      secrets: 'metrics',
      runner: 'runner-metrics',
    }))
      expect(services[name]).toEqual({
        environment: { HEALTH_PORT: '8081', HEALTH_HOST: '0.0.0.0', HEALTH_CALLERS: addresses[network]!.ipv4_address },
        networks: [network],
      });
  });

  it('asks all four services', () => {
    const { scrape_configs: jobs } = read('deploy/compose/prometheus.yml') as {
      scrape_configs: { job_name: string }[];
    };
    expect(jobs.map(({ job_name }) => job_name)).toEqual(
      ['gateway', 'registry', 'runner', 'secrets'].map((name) => `fingerpost-${name}`),
    );
  });

  it('has Grafana find Prometheus and our dashboards', () => {
    const [source] = read('deploy/grafana/provisioning/datasources/prometheus.yml').datasources;
    expect(source).toMatchObject({ type: 'prometheus', url: 'http://prometheus:9090', access: 'proxy' });
    const [folder] = read('deploy/grafana/provisioning/dashboards/fingerpost.yml').providers;
    expect(services.grafana!.volumes).toContain(`./deploy/grafana/dashboards:${folder.options.path}:ro`);
    expect(globSync('deploy/grafana/dashboards/*.json', { cwd: ROOT }).length).toBeGreaterThan(3);
  });
});
