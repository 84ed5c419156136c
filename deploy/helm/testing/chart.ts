import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const CHART = join(import.meta.dirname, '../fingerpost');
export const NAMESPACE = 'fingerpost';

/** Oldest and newest that the chart is for. */
export const KUBERNETES = ['1.30', '1.37'];

/** Values of a platform team, by the files that come with the chart. */
export const VALUE_SETS: Record<string, string[]> = {
  'as it comes': [],
  'for a laptop': ['laptop'],
  'for production': ['production'],
  'for an air-gapped network': ['airgapped'],
  'for production in an air-gapped network': ['production', 'airgapped'],
};

export type Values = Record<string, unknown>;

/** One object of Kubernetes, as far as tests look into it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own, and the schemas check it
  spec: any;
  data?: Record<string, string>;
}

export interface Container {
  name: string;
  image: string;
  env?: { name: string; value: string }[];
  securityContext: object;
  resources: { requests?: object; limits?: object };
  volumeMounts?: { name: string; mountPath: string }[];
  [probe: string]: unknown;
}

export function helm(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('helm', args, { encoding: 'utf8', maxBuffer: 1e8 });
  return { status, stdout, stderr: stderr.replaceAll(/^.*found symbolic link in path.*\n/gm, '') };
}

/** @throws with what Helm says */
export function renderText(files: readonly string[], values: Values = {}, kubernetes = KUBERNETES[1]!): string {
  const given = Object.entries(values).map(([path, value]) => `--set-json=${path}=${JSON.stringify(value)}`);
  const { status, stdout, stderr } = helm(
    ...['template', 'fingerpost', CHART, '--namespace', NAMESPACE, '--kube-version', kubernetes],
    ...files.flatMap((name) => ['--values', join(CHART, `values-${name}.yaml`)]),
    ...given,
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

export function render(files: readonly string[], values: Values = {}): Manifest[] {
  const documents = parseAllDocuments(renderText(files, values)).map((document) => document.toJS());
  return documents.filter((document) => document !== null);
}

export const valuesOf = (file: string) => parse(readFileSync(join(CHART, file), 'utf8'));

export const componentOf = ({ metadata }: Manifest) => metadata.labels['app.kubernetes.io/component']!;

/** What pods are made of, wherever it stands. */
export function podOf({ kind, spec }: Manifest) {
  return kind === 'Pod' ? spec : ['Deployment', 'StatefulSet', 'Job'].includes(kind) ? spec.template.spec : undefined;
}

export const podsIn = (manifests: Manifest[]) => manifests.filter((manifest) => podOf(manifest) !== undefined);

export const containersOf = (manifest: Manifest): Container[] => {
  const { initContainers = [], containers } = podOf(manifest);
  return [...initContainers, ...containers];
};

export function find(manifests: Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
  return found;
}
