import { findServer } from '@fingerpost/platform/testing';
import { secretsFrom } from './kubernetes-secrets.ts';
import { ApiServer } from './testing/api-server.ts';
import { CHART, helm, render, VALUE_SETS } from './testing/chart.ts';
import { OPERATOR_KINDS } from './testing/prometheus-operator.ts';

const [etcd, program] = [findServer('etcd'), findServer('kube-apiserver')];
const RESTRICTED = Object.fromEntries(
  ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
);

(etcd === undefined || program === undefined || findServer('helm') === undefined ? describe.skip : describe)(
  'a Kubernetes API server',
  () => {
    let api: ApiServer;
    beforeAll(async () => {
      api = await ApiServer.start(etcd!, program!);
      for (const kind of OPERATOR_KINDS)
        await api.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', kind);
    }, 60_000);
    afterAll(() => api?.stop());

    const namespaceOf = (name: string) => name.replaceAll(' ', '-');
    beforeAll(async () => {
      for (const name of Object.keys(VALUE_SETS))
        await api.create('/api/v1/namespaces', {
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: { name: namespaceOf(name), labels: RESTRICTED },
        });
    });

    it.each(Object.entries(VALUE_SETS))(
      'would take everything, hooks too, where pods must be "restricted": %s',
      async (name, files) => {
        const verdicts = await Promise.all(
          render(files).map(async (manifest) => {
            const { status, message, warnings } = await api.dryRun(manifest, namespaceOf(name));
            return status < 300 && warnings.length === 0 ? [] : [manifest.metadata.name, status, message, ...warnings];
          }),
        );
        expect(verdicts.length).toBeGreaterThan(20);
        expect(verdicts.filter((verdict) => verdict.length > 0)).toEqual([]);
      },
    );

    it('would take the Secrets that are packed for it', async () => {
      const { items } = secretsFrom((file) => Buffer.from(file));
      for (const one of items) expect(await api.dryRun(one, namespaceOf('as it comes'))).toMatchObject({ message: '' });
    });

    it('refuses what is not as it should be, so the dry run is worth something', async () => {
      const [pod] = render([]).filter(({ kind }) => kind === 'Pod');
      const loose = { ...pod!, spec: { ...pod!.spec, hostNetwork: true } };
      expect(await api.dryRun(loose, namespaceOf('as it comes'))).toMatchObject({
        status: 403,
        message: expect.stringContaining('violates PodSecurity'),
      });
      const misspelt = { ...pod!, spec: { ...pod!.spec, restartPolicies: 'Never' } };
      expect((await api.dryRun(misspelt, namespaceOf('as it comes'))).message).toContain('restartPolicies');
    });

    it('takes a release, its upgrade to engines of one’s own, and its end', () => {
      const run = (...args: string[]) => {
        const { status, stdout, stderr } = helm(
          ...[...args, '--namespace', namespaceOf('as it comes'), '--kubeconfig', api.kubeconfig, '--no-hooks'],
        );
        return { status, said: `${stdout}${stderr}` };
      };
      expect(run('install', 'fingerpost', CHART)).toMatchObject({
        status: 0,
        said: expect.stringContaining('root-key'),
      });
      expect(run('upgrade', 'fingerpost', CHART, '--values', `${CHART}/values-production.yaml`)).toMatchObject({
        status: 0,
        said: expect.not.stringContaining('Warning'),
      });
      expect(run('uninstall', 'fingerpost').status).toBe(0);
    });
  },
);
