export type { Child } from './child.ts';
export { Cluster, type ClusterOptions } from './cluster.ts';
export type { Engine } from './engine.ts';
