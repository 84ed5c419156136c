export type { Change, Child } from './child.ts';
export { Cluster, type ClusterOptions, REPOSITORY } from './cluster.ts';
export type { Engine } from './engine.ts';
export type { Engines } from './engines.ts';
export { makeIdentities, migrate } from './errands.ts';
export type { VaultKeys } from './vault.ts';
