import { findServer } from '@fingerpost/platform/testing';
import { componentOf, find, podOf, podsIn, render, valuesOf } from './testing/chart.ts';
import { type Names, readPolicies } from './testing/policies.ts';
import { WHO_IS_ASKED, WHO_REACHES_WHOM } from './who-reaches-whom.ts';

const { network, monitoring } = valuesOf('values.yaml');
const NAMES: Names = Object.fromEntries([
  [JSON.stringify(network.internet[0]), 'internet'],
  [JSON.stringify(network.dns[0]), 'dns'],
  [JSON.stringify(network.ingressController[0]), 'ingress'],
  [JSON.stringify(monitoring.prometheus[0]), 'prometheus'],
]);
const sorted = (table: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(table).map(([who, whom]) => [who, [...whom].sort()]));

(findServer('helm') === undefined ? describe.skip : describe)('the chart’s network policies', () => {
  it('let everybody ask whom the design names, and nobody else', () => {
    expect(readPolicies(render([]), 'egress', NAMES)).toEqual(sorted(WHO_REACHES_WHOM));
  });

  it('let everybody be asked by the same, and from outside where it has to be', () => {
    const isAsked = readPolicies(render([], { 'monitoring.enabled': true }), 'ingress', NAMES);
    const asking = Object.entries(WHO_REACHES_WHOM).flatMap(([who, whom]) => whom.map((one) => [who, one] as const));
    const expected = Object.keys(WHO_REACHES_WHOM).map((who) => [
      who,
      [
        ...asking.flatMap(([by, one]) => (one.startsWith(`${who}:`) ? [one.replace(who, by)] : [])),
        ...(WHO_IS_ASKED[who] ?? []),
      ],
    ]);
    expect(isAsked).toEqual(sorted(Object.fromEntries(expected)));
  });

  it('let nobody in for monitoring where there is none', () => {
    const isAsked = readPolicies(render([]), 'ingress', NAMES);
    expect([isAsked.runner, isAsked.secrets, isAsked.registry]).toEqual([[], [], []]);
  });

  it('refuse whatever pod is not named', () => {
    const { spec } = find(render([]), 'NetworkPolicy', 'fingerpost');
    expect(spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'fingerpost' } },
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('cover every pod that there is', () => {
    const manifests = render(['production']);
    const covered = Object.keys(readPolicies(manifests, 'egress', NAMES));
    expect(
      podsIn(manifests)
        .map(componentOf)
        .filter((component) => !covered.includes(component)),
    ).toEqual([]);
  });

  it('name external engines by their addresses', () => {
    const reach = readPolicies(render(['production']), 'egress', NAMES);
    expect(reach).toMatchObject({
      runner: ['{"cidr":"10.20.0.0/28"}:4222'],
      migrate: ['dns:53', '{"cidr":"10.20.2.10/32"}:5432'],
      gateway: expect.arrayContaining(['{"cidr":"10.20.0.0/28"}:4222', '{"cidr":"10.20.1.0/28"}:6380']),
      secrets: expect.arrayContaining(['{"cidr":"10.20.3.0/28"}:8200']),
    });
  });

  it('name what stands elsewhere in the cluster by its namespace', () => {
    const values = { 'secrets.reaches': [{ namespace: 'jenkins', ports: [8443] }] };
    const { secrets } = readPolicies(render([], values), 'egress', NAMES);
    const jenkins = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'jenkins' } } };
    expect(secrets).toContain(`${JSON.stringify(jenkins)}:8443`);
    const open = { 'secrets.reaches': [{ ports: [8443] }] };
    expect(() => render([], open)).toThrow(/secrets\/reaches/);
  });

  it('leave nobody a way to the internet where there is none', () => {
    const reach = readPolicies(render(['airgapped']), 'egress', NAMES);
    expect(
      Object.values(reach)
        .flat()
        .filter((whom) => whom.startsWith('internet')),
    ).toEqual([]);
    expect(reach.secrets).toEqual(expect.arrayContaining(['{"cidr":"10.30.0.30/32"}:8443']));
    expect(reach.runner).toEqual(['nats:4222']);
  });

  it('leave out of the internet what is private, metadata addresses above all', () => {
    const [{ cidr, except }] = network.internet;
    expect(cidr).toBe('0.0.0.0/0');
    expect(except).toEqual(
      expect.arrayContaining(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8']),
    );
  });

  it.each([[[]], [['production']]])('leave the runner without names to ask for (%j)', (files) => {
    const runner = podOf(find(render(files), 'Deployment', 'fingerpost-runner'));
    expect(runner).toMatchObject({ dnsPolicy: 'None', dnsConfig: { nameservers: ['127.0.0.1'] } });
  });
});
