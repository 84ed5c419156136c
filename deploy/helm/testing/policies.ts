import type { Manifest } from './chart.ts';

interface Peer {
  podSelector?: { matchLabels: Record<string, string> };
  namespaceSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string; except?: string[] };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number }[];
}

/** How a peer outside of the product is called; by its selector or its block, as JSON. */
export type Names = Record<string, string>;

const COMPONENT = 'app.kubernetes.io/component';

/** What the policies let through, seen from one side: `whom:port` for each who. Everything else is refused to whoever is named. */
export function readPolicies(
  manifests: Manifest[],
  side: 'egress' | 'ingress',
  names: Names,
): Record<string, string[]> {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const open: Record<string, string[]> = {};
  for (const { metadata, spec } of policies) {
    if (!['Ingress', 'Egress'].every((type) => spec.policyTypes.includes(type)))
      throw new Error(`The policy ${metadata.name} leaves a direction open.`);
    const who = spec.podSelector.matchLabels[COMPONENT];
    if (who !== undefined) open[who] = [...(open[who] ?? []), ...(spec[side] ?? []).flatMap(openingsOf(names))];
    else if (spec[side] !== undefined) throw new Error(`The policy ${metadata.name} opens something for all.`);
  }
  return Object.fromEntries(Object.entries(open).map(([who, whom]) => [who, [...new Set(whom)].sort()]));
}

const openingsOf =
  (names: Names) =>
  (rule: Rule): string[] => {
    const peers = rule.to ?? rule.from ?? [];
    if (peers.length === 0 || rule.ports === undefined) throw new Error('A rule without peers or ports opens all.');
    return peers.flatMap((peer) => rule.ports!.map(({ port }) => `${nameOf(peer, names)}:${port}`));
  };

function nameOf(peer: Peer, names: Names): string {
  if (peer.namespaceSelector === undefined && peer.ipBlock === undefined) {
    const component = peer.podSelector?.matchLabels[COMPONENT];
    if (component === undefined) throw new Error('A peer is any pod of the namespace.');
    return component;
  }
  const key = JSON.stringify(peer.ipBlock ?? peer);
  return names[key] ?? key;
}
