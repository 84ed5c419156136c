import { findServer } from '@fingerpost/platform/testing';
import { SECRETS, secretsFrom } from './kubernetes-secrets.ts';
import { containersOf, type Manifest, podOf, podsIn, render } from './testing/chart.ts';

const list = secretsFrom((file: string) => Buffer.from(`content of ${file}`));

describe('what is packed for Kubernetes', () => {
  it('is each file as it was', () => {
    const data = Buffer.from('content of nats/creds/join.creds').toString('base64');
    expect(list.items).toContainEqual(
      expect.objectContaining({ metadata: { name: 'fingerpost-runner' }, data: { nats_creds: data } }),
    );
  });

  it('shows the runner nothing but how to join', () => {
    expect(Object.keys(SECRETS['fingerpost-runner']!)).toEqual(['nats_creds']);
  });

  it('shows what admits runners to the secrets service alone', () => {
    const holders = Object.entries(SECRETS).filter(([, files]) =>
      Object.values(files).some((file) => /runner-key/.test(file)),
    );
    expect(holders.map(([name]) => name)).toEqual(['fingerpost-secrets']);
  });

  it('shows nobody what makes identities and certificates', () => {
    expect(JSON.stringify(SECRETS)).not.toMatch(/offline|ca\.key/);
  });
});

(findServer('helm') === undefined ? describe.skip : describe)('what is packed, and what the chart asks for', () => {
  const manifests = () => render([]);

  it('are the same Secrets', () => {
    const asked = podsIn(manifests()).flatMap(
      (pod) => JSON.stringify(podOf(pod).volumes ?? []).match(/"secret":\{[^}]*\}/g) ?? [],
    );
    const names = asked.map((text) => /"name":"([^"]+)"/.exec(text)![1]!);
    expect([...new Set(names)].sort()).toEqual(Object.keys(SECRETS).sort());
  });

  it('are the same files: whatever a container is told to read is packed for its pod', () => {
    for (const pod of podsIn(manifests())) {
      const packed = Object.keys(SECRETS[secretOf(pod)] ?? {});
      const there = [...packed, 'ca', 'root.json', 'identities.conf'];
      const read = JSON.stringify([containersOf(pod).map(({ args, command, env }) => [args, command, env])]);
      const files = [...read.matchAll(/\/(?:run\/secrets|etc\/nats)\/(?!server\.conf)([\w.]+)/g)].map(
        ([, file]) => file!,
      );
      expect([pod.metadata.name, files.filter((file) => !there.includes(file))]).toEqual([pod.metadata.name, []]);
    }
  });
});

const secretOf = (pod: Manifest) =>
  /"secret":\{[^}]*"name":"([^"]+)"/.exec(JSON.stringify(podOf(pod).volumes ?? []))?.[1] ?? '';
