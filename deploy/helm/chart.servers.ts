import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findServer } from '@fingerpost/platform/testing';
import { parse } from 'yaml';
import {
  CHART,
  containersOf,
  find,
  helm,
  KUBERNETES,
  type Manifest,
  podOf,
  podsIn,
  render,
  renderText,
  VALUE_SETS,
} from './testing/chart.ts';

const SERVICES = ['gateway', 'registry', 'runner', 'secrets'];
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const hasHelm = findServer('helm') !== undefined;
const hasSchemas = findServer('kubernetes-validate') !== undefined;

(hasHelm ? describe : describe.skip)('the chart', () => {
  describe.each(Object.entries(VALUE_SETS))('%s', (_name, files) => {
    let manifests: Manifest[];
    beforeAll(() => {
      manifests = render(files);
    });

    it('has nothing that Helm would complain about', () => {
      const values = files.flatMap((name) => ['--values', join(CHART, `values-${name}.yaml`)]);
      const { status, stdout } = helm('lint', CHART, '--strict', '--kube-version', '1.34', ...values);
      expect(stdout).toContain('0 chart(s) failed');
      expect(status).toBe(0);
    });

    it('has pods that may do as little as "restricted" allows, and less', () => {
      for (const pod of podsIn(manifests)) {
        const { securityContext, automountServiceAccountToken } = podOf(pod);
        expect([pod.metadata.name, automountServiceAccountToken]).toEqual([pod.metadata.name, false]);
        expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: expect.any(String) } });
        expect(securityContext.seccompProfile.type).not.toBe('Unconfined');
        for (const container of containersOf(pod)) expect(container.securityContext).toEqual(RESTRICTED);
      }
      expect(JSON.stringify(manifests)).not.toMatch(/hostPath|hostNetwork|hostPID|hostIPC|hostPort|ClusterRole|"Role"/);
    });

    it('bounds the memory of every container', () => {
      const containers = podsIn(manifests).flatMap(containersOf);
      const unbounded = containers.filter(
        ({ resources: { requests, limits } }) => !(requests && limits && 'cpu' in requests && 'memory' in limits),
      );
      expect(unbounded.map(({ name }) => name)).toEqual([]);
    });

    it.each(SERVICES)('has a %s with probes, an account of its own, and pods apart from one another', (service) => {
      const name = `fingerpost-${service}`;
      const deployment = find(manifests, 'Deployment', name);
      const [container] = containersOf(deployment);
      expect(Object.keys(container!)).toEqual(
        expect.arrayContaining(['startupProbe', 'livenessProbe', 'readinessProbe']),
      );
      expect(podOf(deployment).serviceAccountName).toBe(name);
      expect(podOf(deployment).topologySpreadConstraints).toHaveLength(2);
      expect(find(manifests, 'ServiceAccount', name)).toMatchObject({ automountServiceAccountToken: false });
      expect(find(manifests, 'PodDisruptionBudget', name).spec.selector).toEqual(deployment.spec.selector);
    });

    it('has no secret in it', () => {
      expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
      const env = podsIn(manifests)
        .flatMap(containersOf)
        .flatMap((container) => container.env ?? []);
      const held = env.filter(({ name }) => /TOKEN|PASSWORD|_KEY$|SECRET|CREDS|DATABASE_URL/.test(name));
      expect(held.filter(({ value }) => !/^(\/run\/|\/etc\/|transit\/)/.test(value))).toEqual([]);
    });

    it('shows each pod one Secret, its own', () => {
      const seen = podsIn(manifests)
        .filter(({ metadata }) => !metadata.name.includes('-test-'))
        .map(secretsOf);
      expect(seen.every((secrets) => secrets.length === 1)).toBe(true);
      expect(new Set(seen.flat()).size).toBe(seen.length);
    });
  });

  (hasSchemas ? it : it.skip).each(KUBERNETES)(
    'is what Kubernetes %s understands, whatever it is told',
    (kubernetes) => {
      const file = join(mkdtempSync(join(tmpdir(), 'fingerpost-chart-')), 'all.yaml');
      const texts = Object.values(VALUE_SETS).map((files) =>
        renderText(files, { 'monitoring.enabled': true }, kubernetes),
      );
      const isOurs = (text: string) => /^kind: /m.test(text) && !/^apiVersion: monitoring\.coreos\.com/m.test(text); // the operator's
      const manifests = new Set(texts.flatMap((text) => text.split(/^---\n/m)).filter(isOurs));
      writeFileSync(file, [...manifests].join('---\n'));
      const { stdout, stderr } = spawnSync('kubernetes-validate', ['--strict', '-k', kubernetes, file], {
        encoding: 'utf8',
      });
      rmSync(dirname(file), { recursive: true });
      const lines = `${stdout}${stderr}`.trim().split('\n');
      expect(lines.filter((line) => !line.includes(' passed for resource '))).toEqual([]);
      expect(lines).toHaveLength(manifests.size);
    },
  );

  it('scales runners by one number', () => {
    expect(find(render([], { 'runner.replicas': 4 }), 'Deployment', 'fingerpost-runner').spec.replicas).toBe(4);
  });

  it('scales runners by CPU and by runs in flight, and then says no number', () => {
    const manifests = render(['production']);
    expect(find(manifests, 'Deployment', 'fingerpost-runner').spec).not.toHaveProperty('replicas');
    const { metrics } = find(manifests, 'HorizontalPodAutoscaler', 'fingerpost-runner').spec;
    expect(metrics).toMatchObject([
      { type: 'Resource', resource: { name: 'cpu' } },
      { type: 'Pods', pods: { metric: { name: 'fingerpost_runner_runs_in_flight' } } },
    ]);
  });

  it('puts the pods of a service where the cluster has a stronger wall', () => {
    const runner = podOf(find(render([], { 'runner.runtimeClassName': 'gvisor' }), 'Deployment', 'fingerpost-runner'));
    expect(runner.runtimeClassName).toBe('gvisor');
  });

  it('takes the profile under which walls can be built', () => {
    const runner = podOf(find(render(['production']), 'Deployment', 'fingerpost-runner'));
    expect(runner.securityContext.seccompProfile).toEqual({
      type: 'Localhost',
      localhostProfile: 'fingerpost/walls.json',
    });
  });

  it('migrates before anything of the new release starts', () => {
    const hooks = (files: string[]) => find(render(files), 'Job', 'fingerpost-migrate').metadata.annotations;
    expect(hooks(['production'])!['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    expect(hooks([])!['helm.sh/hook']).toBe('post-install,pre-upgrade'); // the bundled server is there after the install
  });

  it('shows a token of its service account to Vault alone, and for ten minutes', () => {
    const { volumes } = podOf(find(render(['production']), 'Deployment', 'fingerpost-secrets'));
    expect(volumes).toContainEqual({
      name: 'vault',
      projected: {
        defaultMode: 0o440,
        sources: [{ serviceAccountToken: { audience: 'vault', expirationSeconds: 600, path: 'token' } }],
      },
    });
    expect(JSON.stringify(render([]))).not.toContain('serviceAccountToken":');
  });

  describe('where Prometheus looks', () => {
    const monitored = (values: object = {}) => render([], { 'monitoring.enabled': true, ...values });
    const dashboards = (manifests: Manifest[]) =>
      manifests.filter(({ metadata }) => metadata.labels.grafana_dashboard === '1');

    it('tells it every rule and every alert', () => {
      const { groups } = find(
        monitored({ 'monitoring.labels': { release: 'prometheus' } }),
        'PrometheusRule',
        'fingerpost',
      ).spec;
      const files = ['rules', 'alerts'].map((name) => readFileSync(join(CHART, `files/${name}.yml`), 'utf8'));
      expect(groups).toEqual(files.flatMap((text) => parse(text).groups));
    });

    it('shows Grafana every dashboard, where its sidecar finds them', () => {
      const found = dashboards(monitored()).map(({ kind, data, metadata }) => [kind, metadata.annotations, data]);
      const expected = globSync('files/dashboards/*.json', { cwd: CHART }).map((path) => [
        'ConfigMap',
        { grafana_folder: 'Fingerpost' },
        { [`fingerpost-${basename(path)}`]: readFileSync(join(CHART, path), 'utf8') },
      ]);
      expect(expected.length).toBeGreaterThan(3);
      expect(found).toEqual(expected.sort());
    });

    it('has neither where nobody wants them', () => {
      const bare = monitored({ 'monitoring.rules': false, 'monitoring.dashboards.enabled': false });
      for (const manifests of [bare, render([])])
        expect([...dashboards(manifests), ...manifests.filter(({ kind }) => kind === 'PrometheusRule')]).toEqual([]);
    });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a name that is misspelt', { 'gatway.replicas': 3 }, /'gatway' not allowed/],
    ['an external engine without its address', { 'nats.bundled': false }, /nats\/url/],
    [
      'a NATS by a name, which no runner could resolve',
      { 'nats.bundled': false, 'nats.url': 'tls://nats:4222' },
      /nats\/url/,
    ],
    ['an external engine that no policy lets through', { 'postgres.bundled': false }, /postgres\/addresses/],
    ['Vault by plain http', { 'vault.bundled': false, 'vault.url': 'http://vault:8200' }, /vault\/url/],
    ['a way in without a name', { 'ingress.enabled': true }, /ingress\/host/],
    [
      'an integration’s secret among the settings',
      { 'secrets.env': { INTEGRATION_GH_TOKEN: 'x' } },
      /INTEGRATION_GH_TOKEN/,
    ],
    ['walls that are none', { 'runner.walls.required': 'none' }, /walls\/required/],
  ])('refuses %s', (_what, values, message) => {
    expect(() => render([], values)).toThrow(message);
  });
});

const secretsOf = (manifest: Manifest): string[] => {
  const sources = (podOf(manifest).volumes as { projected?: { sources: { secret?: { name: string } }[] } }[]).flatMap(
    ({ projected }) => projected?.sources ?? [],
  );
  return sources.flatMap(({ secret }) => secret?.name ?? []);
};
